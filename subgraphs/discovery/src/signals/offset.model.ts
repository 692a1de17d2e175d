import { type Connection, type Model, Schema } from 'mongoose';

/** How far the stream has been absorbed; written in the transaction of what was absorbed. */
export interface OffsetRow {
  readonly _id: 'batches';
  readonly streamId: string;
}

const schema = new Schema<OffsetRow>(
  { _id: { type: String, required: true }, streamId: { type: String, required: true } },
  { collection: 'offsets', versionKey: false, strict: 'throw' },
);

export const offsetModel = (db: Connection): Model<OffsetRow> =>
  (db.models['Offset'] as Model<OffsetRow> | undefined) ?? // registered below, with this schema
  db.model<OffsetRow>('Offset', schema);
