import { type Connection, type Model, Schema } from 'mongoose';
import type { Interest, Profile } from './profile.ts';

export interface ProfileRow extends Omit<Profile, 'viewerId'> {
  readonly _id: string;
  readonly expiresAt: Date;
}

const interest = new Schema<Interest>(
  {
    productId: { type: String, required: true },
    heat: { type: Number, required: true },
    strongest: { type: Number, required: true },
    lastAt: { type: Date, required: true },
  },
  { _id: false, strict: 'throw' },
);

const purchase = new Schema<Profile['purchased'][number]>(
  { productId: { type: String, required: true }, at: { type: Date, required: true } },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<ProfileRow>(
  {
    _id: { type: String, required: true },
    recent: { type: [interest], required: true },
    dismissed: { type: [String], required: true },
    purchased: { type: [purchase], required: true },
    markets: { type: [String], required: true },
    batches: { type: [String], required: true },
    version: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'profiles', versionKey: false, strict: 'throw' },
);
// A guest is forgotten soon, a person after a year away.
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const profileModel = (db: Connection): Model<ProfileRow> =>
  (db.models['Profile'] as Model<ProfileRow> | undefined) ?? // registered below, with this schema
  db.model<ProfileRow>('Profile', schema);

export const toProfile = ({ _id: viewerId, expiresAt: _, ...profile }: ProfileRow): Profile => ({
  viewerId,
  ...profile,
});
