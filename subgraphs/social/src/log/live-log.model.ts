import { type Connection, type Model, Schema } from 'mongoose';
import type { LiveEvent, LiveEventBody } from '../live/live-event.ts';

/** Where a room's log stands. Apart from the room, so that chat does not rewrite its bag. */
export interface LogHeadRow {
  /** The room's id. */
  readonly _id: string;
  /** Of the last entry; incrementing it inside a transaction is what orders the room's writers. */
  readonly sequence: number;
  /** True after the end of the show: nothing is recorded any more. */
  readonly isClosed: boolean;
  readonly orderCount: number;
  readonly touchedAt: Date;
}

const head = new Schema<LogHeadRow>(
  {
    _id: { type: String, required: true },
    sequence: { type: Number, required: true },
    isClosed: { type: Boolean, required: true },
    orderCount: { type: Number, required: true },
    touchedAt: { type: Date, required: true },
  },
  { collection: 'live_logs', versionKey: false, strict: 'throw' },
);
// The sweep reads logs that were written to lately.
head.index({ touchedAt: 1 });

/** An entry of a log. Kept for good: it is the truth, the Redis stream a copy at hand. */
export interface LogEntryRow {
  /** `<room id>/<sequence>`, padded: in order within a room, so the primary key serves every read. */
  readonly _id: string;
  readonly sequence: number;
  readonly at: Date;
  readonly body: LiveEventBody;
}

const entry = new Schema<LogEntryRow>(
  {
    _id: { type: String, required: true },
    sequence: { type: Number, required: true },
    at: { type: Date, required: true },
    body: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'live_events', versionKey: false, strict: 'throw', minimize: false },
);

const named = <Row>(db: Connection, name: string, schema: Schema<Row>): Model<Row> =>
  (db.models[name] as Model<Row> | undefined) ?? // registered below, with this schema
  db.model<Row>(name, schema);

export const liveLogModels = (db: Connection) => ({
  heads: named(db, 'LiveLogHead', head),
  entries: named(db, 'LiveEvent', entry),
});

const DIGITS = 15;

export const entryId = (roomId: string, sequence: number): string =>
  `${roomId}/${String(sequence).padStart(DIGITS, '0')}`;

export const toLiveEvent = ({ _id, sequence, at, body }: LogEntryRow): LiveEvent => ({
  kind: 'EVENT',
  roomId: _id.slice(0, _id.indexOf('/')),
  sequence,
  at,
  body,
});
