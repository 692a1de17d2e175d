import { type Connection, type Model, Schema } from 'mongoose';

/** How often one client used one thing of the schema on one day. */
export interface UsageRow {
  /** `<coordinate>\t<client>\t<version>\t<day>`: one row each, by the primary key. */
  readonly _id: string;
  readonly coordinate: string;
  readonly client: string;
  readonly version: string;
  /** Midnight UTC. */
  readonly day: Date;
  readonly count: number;
}

/** What a season uses comes back within a year; a removal should see it. */
export const DAYS_OF_USAGE = 400;

const usage = new Schema<UsageRow>(
  {
    _id: { type: String, required: true },
    coordinate: { type: String, required: true },
    client: { type: String, required: true },
    version: { type: String, required: true },
    day: { type: Date, required: true },
    count: { type: Number, required: true },
  },
  { collection: 'field_usage', versionKey: false, strict: 'throw' },
);
// The report of one field.
usage.index({ coordinate: 1, day: 1 });
// The report of all fields since a day; and rows end.
usage.index({ day: 1 }, { expireAfterSeconds: DAYS_OF_USAGE * 86_400 });

/** Which part of which batch is in the rows already. */
export interface FoldedRow {
  /** `<batch>/<part>`. */
  readonly _id: string;
  readonly foldedAt: Date;
}

const folded = new Schema<FoldedRow>(
  { _id: { type: String, required: true }, foldedAt: { type: Date, required: true } },
  { collection: 'folded_usage', versionKey: false, strict: 'throw' },
);
// Longer than a batch can lie in Redis.
folded.index({ foldedAt: 1 }, { expireAfterSeconds: 30 * 86_400 });

const named = <Row>(db: Connection, name: string, definition: Schema<Row>): Model<Row> =>
  (db.models[name] as Model<Row> | undefined) ?? // registered by us, below, with this very schema
  db.model<Row>(name, definition);

export const usageModel = (db: Connection) => ({
  usage: named(db, 'FieldUsage', usage),
  folded: named(db, 'FoldedUsage', folded),
});
