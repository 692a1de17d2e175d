import type { Logger } from '@vitrine/platform/logger';
import { type ExecutionResult, type GraphQLError, OperationTypeNode } from 'graphql';
import { withDenials } from '../access/denials.ts';
import type { Session } from '../authentication.ts';
import { gatewayError, shownError } from '../errors.ts';
import { countRefusal } from '../limits/limit-metrics.ts';
import { activeSubscriptions, observe, outcomeOf } from '../observation.ts';
import { type Admit, type Admitted, isRefusal } from '../requests/admission.ts';
import type { AnswerHeaders, ClientRequest } from '../requests/request.ts';
import type { Sink } from '../subscriptions/groups/live-event.ts';
import { subscribers } from '../subscriptions/metrics.ts';
import type { LiveRequest, Subscriptions } from '../subscriptions/subscriptions.ts';
import type { UsageRecorder } from '../usage/usage-recorder.ts';

/** A subscription of a client, as its transport holds it. */
export interface Running {
  close(): void;
  ready(): void;
  cursor(): string | null;
  /** Goes on by the rights that the session gives now. */
  renew(session: Session): void;
}

export type Started =
  | { readonly kind: 'answered'; readonly result: ExecutionResult; readonly headers: AnswerHeaders }
  | { readonly kind: 'running'; readonly running: Running };

/** Operations of transports that stay open. `start` never rejects. */
export interface LiveOperations {
  start(request: ClientRequest, sink: Sink): Promise<Started>;
  /** From now on nothing is begun. */
  drain(): void;
}

export interface LiveParts {
  readonly admit: Admit;
  readonly subscriptions: Subscriptions;
  readonly usage: Pick<UsageRecorder, 'record'>;
  readonly logger: Logger;
}

export function liveOperations({ admit, subscriptions, usage, logger }: LiveParts): LiveOperations {
  let isDraining = false;

  const start = async (request: ClientRequest, sink: Sink): Promise<Started> => {
    const { transport, scope, client } = request;
    const observation = observe(logger, transport, scope.requestId);
    observation.client({ name: client.name || null, version: client.version || null });
    const refused = (errors: readonly GraphQLError[], headers: AnswerHeaders = {}): Started => {
      observation.end('error', errors);
      return { kind: 'answered', result: { errors }, headers };
    };
    if (isDraining) return refused([shuttingDown()]);
    try {
      const admission = await admit(request);
      if (isRefusal(admission)) {
        countRefusal(admission.errors);
        return refused(admission.errors, admission.headers);
      }
      const { operation } = admission.request;
      observation.identify(operation.node);
      observation.cost({ requested: admission.requestedCost });
      usage.record(operation, client);
      if (operation.node.operation !== OperationTypeNode.SUBSCRIPTION) {
        const { engine } = admission.audience;
        const { result, cost } = admission.complete(await engine.execute(admission.request));
        observation.cost({ requested: admission.requestedCost, actual: cost });
        observation.end(outcomeOf(result), result.errors);
        return { kind: 'answered', result, headers: admission.headers };
      }

      let isOver = false;
      const over = (outcome: 'ok' | 'error', errors?: readonly GraphQLError[]): void => {
        if (isOver) return;
        isOver = true;
        activeSubscriptions.dec({ transport });
        subscribers.dec({ transport });
        observation.end(outcome, errors);
      };
      activeSubscriptions.inc({ transport });
      subscribers.inc({ transport });
      const subscription = subscriptions.subscribe(liveRequest(admission), {
        next: sink.next,
        end(ending) {
          if (ending.kind === 'completed') over('ok');
          else over('error', ending.errors);
          sink.end(ending);
        },
      });
      if ('errors' in subscription) {
        over('error', subscription.errors);
        return { kind: 'answered', result: { errors: subscription.errors }, headers: {} };
      }
      return {
        kind: 'running',
        running: {
          ready: subscription.ready,
          cursor: subscription.cursor,
          close() {
            over('ok');
            subscription.close();
          },
          renew: ({ viewer }) => subscription.renew(liveRequest(admission, viewer)),
        },
      };
    } catch (error) {
      return refused([shownError(error, { logger, requestId: scope.requestId })]);
    }
  };

  return {
    start,
    drain() {
      isDraining = true;
    },
  };
}

/** The subscription by the rights of its viewer as they are now. */
function liveRequest(
  { audience, request: { operation, variables, scope: given } }: Admitted,
  viewer = given.viewer,
): LiveRequest {
  const { name, engine, access } = audience;
  const { planned, errors: denials } = access.authorize(operation, variables, viewer);
  // A deadline is for an answer; a subscription goes on.
  const { deadline, ...scope } = given;
  return {
    contract: name,
    engine,
    scopeKey: access.scopeKeyOf(operation, viewer),
    request: {
      operation,
      variables,
      scope: { ...scope, viewer },
      ...(planned === operation ? {} : { planned }),
    },
    finish: (result) => withDenials(result, denials),
  };
}

const shuttingDown = (): GraphQLError =>
  gatewayError('SHUTTING_DOWN', 'This gateway is about to end; connect again.');
