import type { PlanNode } from '@apollo/query-planner';
import { fetchesIn } from '../execution/compiled/fetches-in.ts';

/** Tells those who wait for a fetch that its answer is there. */
export interface Arrivals {
  readonly arrived: (fetchId: string) => void;
  of(fetchId: string): Promise<void>;
  /** No more will come of this part of a plan. */
  allOf(node: PlanNode): void;
}

export function arrivals(): Arrivals {
  const known = new Map<string, PromiseWithResolvers<void>>();
  const entry = (fetchId: string): PromiseWithResolvers<void> => {
    let waiting = known.get(fetchId);
    if (!waiting) {
      waiting = Promise.withResolvers();
      known.set(fetchId, waiting);
    }
    return waiting;
  };
  const arrived = (fetchId: string): void => entry(fetchId).resolve();
  return {
    arrived,
    of: (fetchId) => entry(fetchId).promise,
    allOf(node) {
      for (const { id } of fetchesIn(node)) if (id !== undefined) arrived(id);
    },
  };
}
