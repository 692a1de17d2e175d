import type { Logger } from '@vitrine/platform/logger';
import { shownError } from '../errors.ts';
import { isStream } from '../execution/source.ts';
import { countRefusal } from '../limits/limit-metrics.ts';
import { type Observation, observe, outcomeOf } from '../observation.ts';
import { onEnd } from '../subscriptions/streams.ts';
import { withRequestSpan } from '../tracing.ts';
import type { UsageRecorder } from '../usage/usage-recorder.ts';
import { type Admit, type Admitted, isRefusal } from './admission.ts';
import type { Answer, ClientRequest } from './request.ts';

export interface PipelineParts {
  readonly admit: Admit;
  readonly usage: Pick<UsageRecorder, 'record'>;
  readonly logger: Logger;
}

/** Admits an operation, carries it out, and observes it. Never rejects, nor shows what went wrong inside. */
export type Run = (request: ClientRequest) => Promise<Answer>;

/** The way of every operation that ends with one answer; what stays open goes by `transports/live.ts`. */
export function openPipeline({ admit, usage, logger }: PipelineParts): Run {
  const carryOut = async (
    { request, audience: { engine }, requestedCost, headers, complete, completeParts }: Admitted,
    { acceptsDefer }: ClientRequest,
    observation: Observation,
  ): Promise<Answer> => {
    const answer = acceptsDefer
      ? await engine.executeDeferring(request)
      : await engine.execute(request);
    if (isStream(answer)) {
      const result = onEnd(completeParts(answer), (error) =>
        observation.end(error === undefined ? 'ok' : 'error'),
      );
      return { result, headers };
    }
    const { result, cost } = complete(answer);
    observation.cost({ requested: requestedCost, actual: cost });
    observation.end(outcomeOf(result), result.errors);
    return { result, headers };
  };

  const run: Run = async (request) => {
    const { transport, scope, client } = request;
    const observation = observe(logger, transport, scope.requestId);
    observation.client({ name: shown(client.name), version: shown(client.version) });
    try {
      const admission = await admit(request);
      if (isRefusal(admission)) {
        observation.end('error', admission.errors);
        countRefusal(admission.errors);
        return { result: { errors: admission.errors }, headers: admission.headers };
      }
      const { operation } = admission.request;
      observation.identify(operation.node);
      observation.cost({ requested: admission.requestedCost });
      usage.record(operation, client);
      return await carryOut(admission, request, observation);
    } catch (error) {
      const errors = [shownError(error, { logger, requestId: scope.requestId })];
      observation.end('error', errors);
      return { result: { errors }, headers: {} };
    }
  };

  return (request) => withRequestSpan(request.trace ?? {}, request.transport, () => run(request));
}

/** A client says of itself what it likes; a log line has room for a name. */
const shown = (text: string): string | null => text.slice(0, 64) || null;
