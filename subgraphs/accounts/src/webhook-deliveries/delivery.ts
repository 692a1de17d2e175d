/** Why an attempt failed without, or in spite of, an answer. */
export const deliveryFailures = [
  'TIMEOUT',
  'CONNECTION',
  'ADDRESS_REFUSED',
  'REDIRECT',
  'STATUS',
] as const;
export type DeliveryFailure = (typeof deliveryFailures)[number];

/** One request to an endpoint and what came of it. */
export interface DeliveryAttempt {
  readonly at: Date;
  readonly durationMs: number;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** Null where no answer came. */
  readonly status: number | null;
  /** The first 4 kB of the answer's body, as text. */
  readonly answer: string | null;
  /** Null for a success. */
  readonly failure: DeliveryFailure | null;
  /** The failure in words. */
  readonly detail: string | null;
}

/**
 * `PENDING`: to be sent, or sent again. `FAILED`: every attempt of a day failed; it can be replayed.
 * `WITHDRAWN`: whose affair it is took the app's access away before it was sent.
 */
export const deliveryStates = ['PENDING', 'DELIVERED', 'FAILED', 'WITHDRAWN'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** One event for one webhook. Its id is the message's id, the same on every attempt and replay. */
export interface Delivery {
  /** `msg_…`, sent as `webhook-id`. */
  readonly id: string;
  readonly webhookId: string;
  readonly appId: string;
  readonly eventId: string;
  readonly topic: string;
  /** What the event is about: deliveries of one entity to one webhook keep their order. */
  readonly entityId: string;
  readonly entityVersion: number;
  /** Whose affair it is, so that it is not sent once they have withdrawn their consent. */
  readonly subject: { readonly shopIds: readonly string[]; readonly userIds: readonly string[] };
  /** Signed and sent byte by byte. */
  readonly body: string;
  readonly occurredAt: Date;
  readonly createdAt: Date;
  readonly state: DeliveryState;
  /** When it is tried next; of no meaning unless pending. */
  readonly dueAt: Date;
  /** Attempts since it was made or last replayed: what the pause before the next depends on. */
  readonly round: number;
  readonly attemptCount: number;
  /** The last 20. */
  readonly attempts: readonly DeliveryAttempt[];
}

/** What a delivery waits behind, and how long it need not be looked at. */
export interface Waiting {
  readonly id: string;
  readonly entityId: string;
  /** When the one it waits for is tried again; null where that one is being sent. */
  readonly until: Date | null;
}

export interface Due {
  /** To be sent now, each the first of its entity. */
  readonly heads: readonly Delivery[];
  readonly waiting: readonly Waiting[];
}

export interface DeliveryList {
  readonly webhookId: string;
  readonly states: readonly DeliveryState[] | null;
  readonly topics: readonly string[] | null;
  readonly from: Date | null;
  readonly to: Date | null;
}
