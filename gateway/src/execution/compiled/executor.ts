import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import type { Logger } from '@vitrine/platform/logger';
import type { GraphQLError, OperationDefinitionNode } from 'graphql';
import { deferredExecutor, type ExecuteDeferred } from '../../defer/deferred-executor.ts';
import { shownError } from '../../errors.ts';
import type { ExecutePlan } from '../execute-plan.ts';
import type { Graph } from '../graph.ts';
import type { Operation } from '../operations.ts';
import type { SubgraphSource } from '../source.ts';
import { fetchesIn } from './fetches-in.ts';
import { askingFor } from './fetching/asking.ts';
import { compileProjection, missingValue, type Projection } from './projection/projection.ts';
import type { Run, Step } from './run.ts';
import { compileStep } from './steps.ts';
import { typesInReach } from './types-in-reach.ts';

export interface CompiledExecutor {
  readonly executePlan: ExecutePlan;
  readonly executeDeferred: ExecuteDeferred;
  /** Compiles what the first execution would. */
  prepare(plan: QueryPlan, operation: Operation): void;
}

/**
 * Executes plans that are compiled once: nodes to closures over prepared documents, and the client's
 * operation to the shape of its answer. What is compiled is kept beside the plan and the operation,
 * and goes with them.
 */
export function compiledExecutor(
  { supergraph, schema }: Pick<Graph, 'supergraph' | 'schema'>,
  sources: ReadonlyMap<string, SubgraphSource>,
  logger: Logger,
): CompiledExecutor {
  const reach = typesInReach(supergraph.schema.toGraphQLJSSchema());
  const steps = new WeakMap<PlanNode, Step>();
  const projections = new WeakMap<OperationDefinitionNode, Projection>();

  const stepOf = (node: PlanNode): Step => {
    let step = steps.get(node);
    if (!step) {
      step = compileStep(
        { node, path: [] },
        { reach, asking: askingFor(sources, fetchesIn(node)) },
      );
      steps.set(node, step);
    }
    return step;
  };

  const projectionOf = (operation: Operation): Projection => {
    let projection = projections.get(operation.node);
    if (!projection) {
      projection = compileProjection(schema, operation);
      projections.set(operation.node, projection);
    }
    return projection;
  };

  const executePlan: ExecutePlan = async (plan, { operation, variables, scope }, stubs) => {
    const step = stepOfPlan(plan, stepOf);
    const projection = projectionOf(operation);
    const conditions = projection.conditionsOf(variables);
    const run: Run = { variables, conditions, scope, stubs, data: {}, errors: [], shared: null };
    const waiting = step(run);
    if (waiting) await waiting;
    const { data, faults } = projection.project(run.data, variables, conditions);
    // A null that a subgraph has explained is not explained again.
    const errors = run.errors.length > 0 ? run.errors : faults.map(missingValue);
    return errors.length > 0
      ? { data, errors: shownErrors(errors, logger, scope.requestId) }
      : { data };
  };

  return {
    executePlan,
    executeDeferred: deferredExecutor({ schema, reach, logger, stepOf }),
    prepare(plan, operation) {
      stepOfPlan(plan, stepOf);
      projectionOf(operation);
    },
  };
}

const shownErrors = (
  errors: readonly GraphQLError[],
  logger: Logger,
  requestId: string,
): readonly GraphQLError[] => errors.map((error) => shownError(error, { logger, requestId }));

const nothing: Step = () => undefined;

/** A plan without a node asks nobody: the operation is about the schema alone. */
function stepOfPlan({ node }: QueryPlan, stepOf: (node: PlanNode) => Step): Step {
  if (!node) return nothing;
  if (node.kind === 'Subscription') throw new Error('A subscription is executed event by event');
  return stepOf(node);
}
