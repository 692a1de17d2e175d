import { operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { LRUCache } from 'lru-cache';
import type { Graph } from './graph.ts';
import type { Operation } from './operations.ts';

export interface Plans {
  /** Planning takes 6–27 ms, so a plan is kept for the next operation with the same text and name. */
  of(operation: Operation | null): QueryPlan;
  readonly size: number;
}

/** The plan of an operation of which nothing may be asked. */
const EMPTY: QueryPlan = { kind: 'QueryPlan' };

export function openPlans({ supergraph }: Graph, max = 2_000): Plans {
  const planner = new QueryPlanner(supergraph);
  const apiSchema = supergraph.apiSchema();
  const plans = new LRUCache<string, QueryPlan>({ max });
  return {
    of(operation) {
      if (!operation) return EMPTY;
      const { key, document, node } = operation;
      const known = plans.get(key);
      if (known) return known;
      const name = node.name?.value;
      const plan = planner.buildQueryPlan(
        operationFromDocument(apiSchema, document, {
          ...(name === undefined ? {} : { operationName: name }),
        }),
      );
      plans.set(key, plan);
      return plan;
    },
    get size() {
      return plans.size;
    },
  };
}
