import { type Connection, type Model, Schema } from 'mongoose';

export interface ProfileRow {
  /** The user's id. */
  readonly _id: string;
  readonly displayName: string;
  readonly version: number;
}

const schema = new Schema<ProfileRow>(
  {
    _id: { type: String, required: true },
    displayName: { type: String, required: true },
    version: { type: Number, required: true },
  },
  { collection: 'profiles', versionKey: false, strict: 'throw' },
);

export const profileModel = (db: Connection): Model<ProfileRow> =>
  (db.models['Profile'] as Model<ProfileRow> | undefined) ?? // registered below, with this schema
  db.model<ProfileRow>('Profile', schema);
