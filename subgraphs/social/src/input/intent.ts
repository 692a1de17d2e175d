/**
 * What a client meant by one call. Aggregates made by such a call carry it under a unique index, so
 * that making them and remembering the key is one write: no crash can make a second one, which a
 * remembered answer beside the aggregate could not promise.
 */
export interface Intent {
  readonly actorId: string;
  readonly key: string;
  /** Everything else the client sent, in a fixed order; compared by value. */
  readonly input: readonly unknown[];
}

/** What making something under an intent answers. */
export interface Made<Thing> {
  readonly made: Thing;
  /** True when it had been made before, under the same key. */
  readonly isReplayed: boolean;
}

export type IntentRefusal = 'IDEMPOTENCY_KEY_REUSED';
