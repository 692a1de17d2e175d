import type { QueryPlan } from '@apollo/query-planner';
import type { RequestScope } from '@vitrine/platform/subgraph';
import type { ExecutionResult } from 'graphql';
import type { Operation, Variables } from './operations.ts';
import type { SubgraphAnswer } from './source.ts';

export interface PlanRequest {
  /** Gives the answer its shape. */
  readonly operation: Operation;
  readonly variables: Variables;
  readonly scope: RequestScope;
  /**
   * What subgraphs are asked, where it is not `operation` itself: without fields that the viewer has
   * no right to, or with a field that the gateway needs. Null where nobody may be asked anything.
   */
  readonly planned?: Operation | null;
}

/** Carries out a plan. */
export type ExecutePlan = (
  plan: QueryPlan,
  request: PlanRequest,
  /** Stands in for sources of that name, for this plan only. */
  stubs?: Readonly<Record<string, SubgraphAnswer>>,
) => Promise<ExecutionResult>;
