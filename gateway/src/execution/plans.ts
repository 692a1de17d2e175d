import { operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { LRUCache } from 'lru-cache';
import { hasDefer, withoutDefer } from '../defer/defer-directive.ts';
import { labelled } from '../defer/labelled.ts';
import { planSpan } from '../tracing.ts';
import { planFound, planMade, watchPlans } from './execution-metrics.ts';
import type { Graph } from './graph.ts';
import { hashOf, type Operation } from './operations.ts';

/** Of an operation that clients sent: enough to plan it again in another process or over another graph. */
export interface UsedOperation {
  readonly text: string;
  readonly operationName: string | null;
  readonly uses: number;
}

export interface Plans {
  /** Planning takes 6–27 ms, so a plan is kept for the next operation with the same text and name. */
  of(operation: Operation | null): QueryPlan;
  /**
   * A plan with the parts that the client defers; null where it defers nothing, or where the planner
   * cannot take the operation apart.
   */
  deferring(operation: Operation): QueryPlan | null;
  /** Those planned most often first. Ones the gateway has changed before planning are not among them. */
  mostUsed(count: number): readonly UsedOperation[];
  readonly size: number;
}

/** The plan of an operation of which nothing may be asked. */
const EMPTY: QueryPlan = { kind: 'QueryPlan' };

interface Kept {
  readonly operation: Operation;
  readonly plan: QueryPlan;
  uses: number;
}

export function openPlans({ supergraph }: Pick<Graph, 'supergraph'>, max = 2_000): Plans {
  const planner = new QueryPlanner(supergraph, { incrementalDelivery: { enableDefer: true } });
  const apiSchema = supergraph.apiSchema();
  const plans = new LRUCache<string, Kept>({ max });
  /** Keys of operations that can only be planned as a whole. */
  const whole = new LRUCache<string, true>({ max: 500 });
  watchPlans(plans);
  const make = ({ document, node }: Operation): QueryPlan => {
    const name = node.name?.value;
    return planner.buildQueryPlan(
      operationFromDocument(apiSchema, document, {
        ...(name === undefined ? {} : { operationName: name }),
      }),
    );
  };
  const planOf = (operation: Operation, toPlan: (operation: Operation) => Operation): QueryPlan => {
    const known = plans.get(operation.key);
    if (known) {
      planFound();
      known.uses += 1;
      return known.plan;
    }
    const plan = planSpan(() => planMade(() => make(toPlan(operation))));
    plans.set(operation.key, { operation, plan, uses: 0 });
    return plan;
  };
  return {
    of: (operation) => (operation ? planOf(operation, withoutDefer) : EMPTY),
    deferring(operation) {
      if (!hasDefer(operation) || whole.has(operation.key)) return null;
      try {
        const key = `${operation.key}:deferring`;
        return planOf({ ...operation, key }, () => labelled(operation).operation);
      } catch {
        // Type conditions within each other around a deferred part are too much for the planner.
        whole.set(operation.key, true);
        return null;
      }
    },
    mostUsed: (count) =>
      [...plans.values()]
        .toSorted((one, other) => other.uses - one.uses)
        .flatMap(({ operation, uses }) => asSent(operation, uses) ?? [])
        .slice(0, count),
    get size() {
      return plans.size;
    },
  };
}

/** The text as the client sent it, or null where the operation is not the client's own. */
function asSent({ key, document }: Operation, uses: number): UsedOperation | null {
  const text = document.loc?.source.body;
  if (text === undefined) return null;
  const prefix = `${hashOf(text)}:`;
  if (!key.startsWith(prefix)) return null;
  const [name] = key.slice(prefix.length).split(':');
  return { text, operationName: name || null, uses };
}
