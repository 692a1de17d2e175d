import type { ExecutionResult, GraphQLError } from 'graphql';

/** One event as a group of equal subscriptions sees it: executed once, serialised once. */
export interface LiveEvent {
  /** Where a client goes on after this event; null for what is not ordered. */
  readonly cursor: string | null;
  /** The type of an event of which only the newest matters; null for what nobody may miss. */
  readonly coalescible: string | null;
  /** What was said before must not be repeated as it was. */
  readonly retracts: boolean;
  readonly result: ExecutionResult;
  /** The result as JSON in UTF-8: the same bytes for everybody. */
  json(): Buffer;
}

export function liveEvent(event: Omit<LiveEvent, 'json'>): LiveEvent {
  let bytes: Buffer | undefined;
  return {
    ...event,
    json: () => {
      bytes ??= Buffer.from(JSON.stringify(event.result));
      return bytes;
    },
  };
}

/**
 * How a subscription is over: at its end, with a refusal instead of a start, or broken off, which a
 * client that has a cursor mends by resuming.
 */
export type Ending =
  | { readonly kind: 'completed' }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] }
  | { readonly kind: 'broken'; readonly errors: readonly GraphQLError[] };

/** Where a subscriber's events go: two functions that need no `this`. On the hot path, so neither may throw. */
export interface Sink {
  /** False where more is waiting now than should be; `Subscription.ready` then says when it is not. */
  next(event: LiveEvent): boolean;
  /** Nothing follows. */
  end(ending: Ending): void;
}
