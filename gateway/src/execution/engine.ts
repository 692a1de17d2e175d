import type { Logger } from '@vitrine/platform/logger';
import { type ExecutionResult, type GraphQLError, OperationTypeNode } from 'graphql';
import { gatewayError, shownError } from '../errors.ts';
import { sharedResults } from '../subscriptions/shared-results.ts';
import { subscribeToPlan } from '../subscriptions/subscribe.ts';
import { compiledExecutor } from './compiled/executor.ts';
import type { PlanRequest } from './execute-plan.ts';
import type { Graph } from './graph.ts';
import { variableErrors } from './operations.ts';
import { openPlans, type Plans } from './plans.ts';
import type { SubgraphSource } from './source.ts';

/** Runs operations of clients, however they came. Neither call rejects, nor shows what went wrong inside. */
export interface Engine {
  readonly graph: Graph;
  readonly plans: Plans;
  /** Queries and mutations. */
  execute(request: PlanRequest): Promise<ExecutionResult>;
  subscribe(
    request: PlanRequest,
  ): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>>;
}

export function openEngine(
  graph: Graph,
  sources: ReadonlyMap<string, SubgraphSource>,
  logger: Logger,
): Engine {
  const plans = openPlans(graph);
  const results = sharedResults<ExecutionResult>();
  const executePlan = compiledExecutor(graph, sources, logger);

  const guarded = async <Result>(
    { operation, variables, scope }: PlanRequest,
    run: () => Promise<Result>,
  ): Promise<Result | ExecutionResult> => {
    try {
      const errors = variableErrors(graph.schema, operation, variables);
      return errors.length > 0 ? { errors } : await run();
    } catch (error) {
      return { errors: [shownError(error, { logger, requestId: scope.requestId })] };
    }
  };

  return {
    graph,
    plans,
    execute: (request) =>
      guarded(request, async () =>
        request.operation.node.operation === OperationTypeNode.SUBSCRIPTION
          ? { errors: [needsStream()] }
          : executePlan(
              plans.of(request.planned === undefined ? request.operation : request.planned),
              request,
            ),
      ),
    subscribe: (request) =>
      guarded(request, () =>
        subscribeToPlan(
          plans.of(request.planned === undefined ? request.operation : request.planned),
          request,
          { sources, executePlan, results },
        ),
      ),
  };
}

const needsStream = (): GraphQLError =>
  gatewayError(
    'SUBSCRIPTION_NEEDS_STREAM',
    'Subscribe over WebSocket (graphql-transport-ws), or with "Accept: text/event-stream".',
  );
