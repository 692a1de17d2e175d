/** Redis keys of the usage counters. One slot of a cluster, since counters are renamed within it. */
export interface UsageKeys {
  /** Hash of what one day used: `usageField` to count. */
  counts(day: string): string;
  /** The last chunk that a recorder is known to have sent. */
  receipt(recorder: string): string;
  /** Set of the batches that were taken from the counters and not yet folded. */
  readonly batches: string;
  batch(id: string): string;
}

export function usageKeys(namespace: string): UsageKeys {
  const prefix = `${namespace}:gateway:{${namespace}:usage}`;
  return {
    counts: (day) => `${prefix}:counts:${day}`,
    receipt: (recorder) => `${prefix}:receipt:${recorder}`,
    batches: `${prefix}:batches`,
    batch: (id) => `${prefix}:batch:${id}`,
  };
}

/** The UTC day of a moment, such as `2026-11-22`. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** One counter: who used what. None of the three can hold a tab. */
export const usageField = (coordinate: string, client: string, version: string): string =>
  `${coordinate}\t${client}\t${version}`;

/** Counters live in Redis this long where no worker folds them. */
export const DAYS_IN_REDIS = 8;
