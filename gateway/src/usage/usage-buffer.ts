import type { Client } from './clients.ts';
import { usageField } from './usage-keys.ts';

/** Some counts of one day, small enough for one call. */
export interface Chunk {
  /** Rises by one; what was sent with a number is never sent with another. */
  readonly number: number;
  readonly day: string;
  /** `usageField` and count, in turns. */
  readonly pairs: readonly (string | number)[];
}

/** Counts on their way out of the process. Bounded by the schema's size times the clients told apart. */
export interface UsageBuffer {
  add(day: string, coordinates: readonly string[], client: Client, count: number): void;
  /** The oldest chunk that is not yet known to have arrived; the same until `arrived` is called. */
  next(): Chunk | null;
  arrived(): void;
}

const PAIRS_IN_CHUNK = 2_000;
/** While Redis is away for longer than that, the oldest day is given up. */
const DAYS_KEPT = 3;

export function usageBuffer(): UsageBuffer {
  const days = new Map<string, Map<string, number>>();
  let chunk: Chunk | null = null;
  let number = 0;

  const cut = (): Chunk | null => {
    for (const [day, counts] of days) {
      const pairs: (string | number)[] = [];
      for (const [field, count] of counts) {
        pairs.push(field, count);
        counts.delete(field);
        if (pairs.length === 2 * PAIRS_IN_CHUNK) break;
      }
      if (counts.size === 0) days.delete(day);
      if (pairs.length > 0) {
        number += 1;
        return { number, day, pairs };
      }
    }
    return null;
  };

  return {
    add(day, coordinates, { name, version }, count) {
      let counts = days.get(day);
      if (!counts) {
        counts = new Map();
        days.set(day, counts);
        const [oldest] = days.keys();
        if (days.size > DAYS_KEPT && oldest !== undefined) days.delete(oldest);
      }
      for (const coordinate of coordinates) {
        const field = usageField(coordinate, name, version);
        counts.set(field, (counts.get(field) ?? 0) + count);
      }
    },
    next() {
      chunk ??= cut();
      return chunk;
    },
    arrived() {
      chunk = null;
    },
  };
}
