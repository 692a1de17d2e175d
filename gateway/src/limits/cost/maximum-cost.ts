/**
 * The dearest operation that is carried out. Trusted documents are written by people who know what
 * they cost, so they may be dearer; they draw on the same buckets.
 */
export const MAX_COST = { any: 10_000, trusted: 20_000 } as const;
