import { type Connection, type Model, Schema } from 'mongoose';
import type { Creator } from './creator.ts';

export interface CreatorRow extends Omit<Creator, 'id'> {
  readonly _id: string;
  /** Of the call that made the creator; null for seeded ones. */
  readonly madeByKey: string | null;
}

const schema = new Schema<CreatorRow>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    displayName: { type: String, required: true },
    markets: { type: [String], required: true },
    createdAt: { type: Date, required: true },
    madeByKey: { type: String, default: null },
  },
  { collection: 'creators', versionKey: false, strict: 'throw' },
);
// A person is one creator at most.
schema.index({ userId: 1 }, { unique: true });

export const creatorModel = (db: Connection): Model<CreatorRow> =>
  (db.models['Creator'] as Model<CreatorRow> | undefined) ?? // registered below, with this schema
  db.model<CreatorRow>('Creator', schema);

export const toCreator = ({ _id: id, madeByKey: _, ...creator }: CreatorRow): Creator => ({
  id,
  ...creator,
});
