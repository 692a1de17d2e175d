import type { Logger } from '@vitrine/platform/logger';
import { type ExecutionResult, OperationTypeNode } from 'graphql';
import type { Engine } from '../execution/engine.ts';
import type { PlanRequest } from '../execution/execute-plan.ts';
import { isStream } from '../execution/source.ts';
import { activeSubscriptions, observe, outcomeOf, type Transport } from '../observation.ts';
import { onEnd } from '../subscriptions/streams.ts';

/** Runs any operation for a transport that can stream, and observes it until it has ended. */
export async function runLive(
  engine: Engine,
  request: PlanRequest,
  { logger, transport }: { readonly logger: Logger; readonly transport: Transport },
): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>> {
  const { node } = request.operation;
  const observation = observe(logger, transport, request.scope.requestId);
  observation.identify(node);
  const result =
    node.operation === OperationTypeNode.SUBSCRIPTION
      ? await engine.subscribe(request)
      : await engine.execute(request);
  if (!isStream(result)) {
    observation.end(outcomeOf(result));
    return result;
  }
  activeSubscriptions.inc({ transport });
  return onEnd(result, (error) => {
    activeSubscriptions.dec({ transport });
    observation.end(error === undefined ? 'ok' : 'error');
  });
}
