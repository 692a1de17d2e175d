import type { Logger } from '@vitrine/platform/logger';
import { type ExecutionResult, type GraphQLError, OperationTypeNode } from 'graphql';
import { hasDefer } from '../defer/defer-directive.ts';
import type { IncrementalPayload } from '../defer/incremental.ts';
import { gatewayError, shownError } from '../errors.ts';
import { mapStream } from '../subscriptions/streams.ts';
import { subscribeToPlan, type UpstreamEvent } from '../subscriptions/subscribe.ts';
import { compiledExecutor } from './compiled/executor.ts';
import type { PlanRequest } from './execute-plan.ts';
import type { Graph } from './graph.ts';
import { type Operation, variableErrors } from './operations.ts';
import { openPlans, type Plans } from './plans.ts';
import { settledConditions } from './settled-conditions.ts';
import { isStream, type SubgraphSource } from './source.ts';

/** Runs operations of clients, however they came. Neither call rejects, nor shows what went wrong inside. */
export interface Engine {
  readonly graph: Graph;
  readonly plans: Plans;
  /** Plans and compiles ahead of the first execution; says whether there is a plan. */
  prepare(operation: Operation): boolean;
  /** Queries and mutations. */
  execute(request: PlanRequest): Promise<ExecutionResult>;
  /**
   * The same for a client that takes an answer in parts: where the operation defers some, first all
   * else and then each of them. `execute` gives such an operation's answer at once.
   */
  executeDeferring(
    request: PlanRequest,
  ): Promise<ExecutionResult | AsyncGenerator<IncrementalPayload, void, void>>;
  /** An upstream and executions of its own; what many clients ask for goes by `openSubscriptions`. */
  subscribe(
    request: PlanRequest,
  ): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>>;
  /** The same with what the subgraph said of each event; variables are not checked. */
  open(request: PlanRequest): Promise<ExecutionResult | AsyncGenerator<UpstreamEvent, void, void>>;
}

export function openEngine(
  graph: Graph,
  sources: ReadonlyMap<string, SubgraphSource>,
  logger: Logger,
): Engine {
  const plans = openPlans(graph);
  const settle = settledConditions();
  const { executePlan, executeDeferred, prepare } = compiledExecutor(graph, sources, logger);

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

  const open: Engine['open'] = async (request) => {
    try {
      const plan = plans.of(request.planned ?? request.operation);
      return await subscribeToPlan(plan, request, { sources, executePlan });
    } catch (error) {
      const { requestId } = request.scope;
      return { errors: [shownError(error, { logger, requestId })] };
    }
  };

  const executeAtOnce = (request: PlanRequest) =>
    guarded(request, async () => {
      if (request.operation.node.operation === OperationTypeNode.SUBSCRIPTION) {
        return { errors: [needsStream()] };
      }
      const { operation, planned = operation, variables } = request;
      const asked = planned && settle(planned, variables).operation;
      return executePlan(plans.of(asked), request);
    });

  return {
    graph,
    plans,
    prepare(operation) {
      try {
        const plan = plans.of(settle(operation, {}).operation);
        // A subscription is compiled as it starts.
        if (plan.node?.kind !== 'Subscription') prepare(plan, operation);
        return true;
      } catch (error) {
        logger.warn({ err: error, operation: operation.node.name?.value }, 'cannot be planned');
        return false;
      }
    },
    execute: executeAtOnce,
    executeDeferring(request) {
      const { operation, planned = operation, variables } = request;
      if (!planned || !hasDefer(planned)) return executeAtOnce(request);
      return guarded(request, async () => {
        const [shape, asked] = [settle(operation, variables), settle(planned, variables)];
        // What stands in for nothing must not be seen, and a part has no other shape than its own.
        const isWhole = !shape.hasFiller && !asked.hasFiller && hasDefer(asked.operation);
        const plan = isWhole ? plans.deferring(asked.operation) : null;
        const parts =
          plan &&
          (await executeDeferred(plan, {
            ...request,
            operation: shape.operation,
            planned: asked.operation,
          }));
        return parts ?? (await executePlan(plans.of(asked.operation), request));
      });
    },
    open,
    subscribe: (request) =>
      guarded(request, async () => {
        const started = await open(request);
        return isStream(started) ? mapStream(started, async ({ result }) => result) : started;
      }),
  };
}

const needsStream = (): GraphQLError =>
  gatewayError(
    'SUBSCRIPTION_NEEDS_STREAM',
    'Subscribe over WebSocket (graphql-transport-ws), or with "Accept: text/event-stream".',
  );
