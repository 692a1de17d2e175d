/** So much of something in so long a time. */
export interface Limit {
  readonly amount: number;
  readonly windowMs: number;
}

/** Spends `cost` of what `key` may do. Answers 0 when it may, else the milliseconds to wait. */
export type RateLimit = (key: string, limit: Limit, cost?: number) => Promise<number>;

/** Refusal of a use case that is limited. */
export interface TooOften {
  readonly retryAfterMs: number;
}
