import type { RequestScope } from '@vitrine/platform/subgraph';
import type { Operation, Variables } from '../execution/operations.ts';

/**
 * What makes two subscribers see the same of an event, or null where nobody else may. Signed-in
 * viewers share nothing: which of a viewer's rights the selected fields depend on is not known here.
 */
export const shareKeyOf = (
  { key }: Operation,
  variables: Variables,
  { viewer, languages }: RequestScope,
): string | null => (viewer ? null : JSON.stringify([key, variables, languages]));

export interface SharedResults<Result> {
  /** The result for this event and key: computed for the first subscriber, given to the others. */
  of(event: unknown, key: string | null, compute: () => Promise<Result>): Promise<Result>;
}

/** Variables are the clients' to choose; an event remembers results for this many of them. */
const MAX_KEYS = 8;

/** Long enough to reach every socket, short enough that a replay reads other subgraphs anew. */
const SHARED_MS = 1_000;

/**
 * Executes once per event and kind of subscriber. It goes by the identity of the event, which a
 * subgraph in this process hands to all readers of a room. So every subscriber keeps an upstream of
 * its own, with the history and the place to resume from that are its own, and still the work for
 * an event is done once.
 */
export function sharedResults<Result>(
  now: () => number = () => performance.now(),
): SharedResults<Result> {
  interface Shared {
    readonly result: Promise<Result>;
    readonly until: number;
  }
  const known = new WeakMap<object, Map<string, Shared>>();
  return {
    of(event, key, compute) {
      if (key === null || typeof event !== 'object' || event === null) return compute();
      let results = known.get(event);
      if (!results) {
        results = new Map();
        known.set(event, results);
      }
      const shared = results.get(key);
      if (shared && shared.until > now()) return shared.result;
      const result = compute();
      if (shared || results.size < MAX_KEYS) {
        results.set(key, { result, until: now() + SHARED_MS });
      }
      return result;
    },
  };
}
