import { type Connection, type Model, Schema } from 'mongoose';

/** A fact on its way out, written in the transaction that made it true. */
export interface OutboxRow {
  readonly _id: string;
  readonly type: string;
  readonly version: number;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly occurredAt: Date;
  readonly payload: object;
  readonly publishedAt: Date | null;
  /** Of the work that emitted it, so that what follows is found in the same trace. */
  readonly traceparent?: string;
}

const DAYS_KEPT = 30;

const schema = new Schema<OutboxRow>(
  {
    _id: { type: String, required: true },
    type: { type: String, required: true },
    version: { type: Number, required: true },
    aggregateId: { type: String, required: true },
    aggregateVersion: { type: Number, required: true },
    occurredAt: { type: Date, required: true },
    payload: { type: Schema.Types.Mixed, required: true },
    publishedAt: { type: Date, default: null },
    traceparent: { type: String, required: false },
  },
  { collection: 'outbox', versionKey: false, strict: 'throw', minimize: false },
);

// The relay reads what is unpublished, oldest first.
schema.index({ publishedAt: 1, _id: 1 });
// Replay reads a type from a moment on.
schema.index({ type: 1, occurredAt: 1 });
// What came before a fact of the same aggregate.
schema.index({ aggregateId: 1, aggregateVersion: -1 });
// Published facts are kept for replay for a month; null is no date, so unpublished ones never expire.
schema.index(
  { publishedAt: 1 },
  {
    name: 'expiry',
    expireAfterSeconds: DAYS_KEPT * 86_400,
    partialFilterExpression: { publishedAt: { $type: 'date' } },
  },
);

/** Facts a consumer has worked, so that a second delivery has no second effect. */
export interface ConsumedRow {
  /** `<consumer>/<fact id>`. */
  readonly _id: string;
  readonly consumedAt: Date;
}

const consumed = new Schema<ConsumedRow>(
  { _id: { type: String, required: true }, consumedAt: { type: Date, required: true } },
  { collection: 'consumed_facts', versionKey: false, strict: 'throw' },
);
// Longer than the outbox keeps facts, so that no replay can outlive the memory of it.
consumed.index({ consumedAt: 1 }, { expireAfterSeconds: 2 * DAYS_KEPT * 86_400 });

/** Which relay may publish; the others stand by. */
export interface LeaseRow {
  readonly _id: string;
  readonly owner: string;
  readonly until: Date;
}

const lease = new Schema<LeaseRow>(
  {
    _id: { type: String, required: true },
    owner: { type: String, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'leases', versionKey: false, strict: 'throw' },
);

const named = <Row>(db: Connection, name: string, definition: Schema<Row>): Model<Row> =>
  (db.models[name] as Model<Row> | undefined) ?? // registered by us, below, with this very schema
  db.model<Row>(name, definition);

export const outboxModel = (db: Connection) => ({
  outbox: named(db, 'Outbox', schema),
  consumed: named(db, 'ConsumedFact', consumed),
  leases: named(db, 'Lease', lease),
});
