import { operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { LRUCache } from 'lru-cache';
import { planSpan } from '../tracing.ts';
import { planFound, planMade, watchPlans } from './execution-metrics.ts';
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
  watchPlans(plans);
  const make = ({ document, node }: Operation): QueryPlan => {
    const name = node.name?.value;
    return planner.buildQueryPlan(
      operationFromDocument(apiSchema, document, {
        ...(name === undefined ? {} : { operationName: name }),
      }),
    );
  };
  return {
    of(operation) {
      if (!operation) return EMPTY;
      const known = plans.get(operation.key);
      if (known) {
        planFound();
        return known;
      }
      const plan = planSpan(() => planMade(() => make(operation)));
      plans.set(operation.key, plan);
      return plan;
    },
    get size() {
      return plans.size;
    },
  };
}
