import type { Logger } from '@vitrine/platform/logger';
import { type GraphQLError, OperationTypeNode } from 'graphql';
import { gatewayError, shownError } from '../errors.ts';
import type { PlanRequest } from '../execution/execute-plan.ts';
import { isStream } from '../execution/source.ts';
import { activeSubscriptions, observe, outcomeOf } from '../observation.ts';
import { onEnd } from '../subscriptions/streams.ts';
import { withRequestSpan } from '../tracing.ts';
import type { Audience, AudienceName } from './audience.ts';
import type { Answer, ClientRequest, Refusal } from './request.ts';

export interface PipelineParts {
  readonly audienceOf: (name: AudienceName) => Audience | Promise<Audience>;
  readonly logger: Logger;
}

/** An operation that may be carried out. */
export interface Admitted {
  readonly audience: Audience;
  readonly request: PlanRequest;
}

/** The one way of every operation, whichever transport brought it. */
export interface Pipeline {
  /** From the client's words to what is to be carried out, or the reasons why not. Never rejects. */
  admit(request: ClientRequest): Promise<Admitted | Refusal>;
  /** Admits, carries out, and observes. Never rejects, nor shows what went wrong inside. */
  run(request: ClientRequest): Promise<Answer>;
}

export const isRefusal = (admission: Admitted | Refusal): admission is Refusal =>
  'errors' in admission;

export function openPipeline({ audienceOf, logger }: PipelineParts): Pipeline {
  const admit = async (request: ClientRequest): Promise<Admitted | Refusal> => {
    const audience = await audienceOf(request.audience);
    const { query, operationName, variables } = request.parameters;
    const operation = audience.read(query ?? '', operationName);
    if (!('document' in operation)) return refusal(operation);
    const type = operation.node.operation;
    if (request.isReadOnly && type === OperationTypeNode.MUTATION) return refusal([sendByPost()]);
    return { audience, request: { operation, variables, scope: request.scope } };
  };

  const run = async (request: ClientRequest): Promise<Answer> => {
    const { transport, scope } = request;
    const observation = observe(logger, transport, scope.requestId);
    observation.client(request.client);
    try {
      const admission = await admit(request);
      if (isRefusal(admission)) {
        observation.end('error', admission.errors);
        return { result: { errors: admission.errors }, headers: admission.headers };
      }
      const { node } = admission.request.operation;
      observation.identify(node);
      const { engine } = admission.audience;
      const result =
        node.operation === OperationTypeNode.SUBSCRIPTION && transport !== 'http'
          ? await engine.subscribe(admission.request)
          : await engine.execute(admission.request);
      if (!isStream(result)) {
        observation.end(outcomeOf(result), result.errors);
        return { result, headers: {} };
      }
      activeSubscriptions.inc({ transport });
      const observed = onEnd(result, (error) => {
        activeSubscriptions.dec({ transport });
        observation.end(error === undefined ? 'ok' : 'error');
      });
      return { result: observed, headers: {} };
    } catch (error) {
      const errors = [shownError(error, { logger, requestId: scope.requestId })];
      observation.end('error', errors);
      return { result: { errors }, headers: {} };
    }
  };

  return {
    admit,
    run: (request) => withRequestSpan(request.trace ?? {}, request.transport, () => run(request)),
  };
}

const refusal = (errors: readonly GraphQLError[]): Refusal => ({ errors, headers: {} });

const sendByPost = (): GraphQLError =>
  gatewayError('METHOD_NOT_ALLOWED', 'Send mutations by POST.', {});
