import { type Connection, type Model, Schema } from 'mongoose';
import type { ProfileCard } from './profile-card.ts';

export interface ProfileCardRow extends Omit<ProfileCard, 'userId'> {
  readonly _id: string;
  /** Version of the profile this was projected from. */
  readonly version: number;
}

const schema = new Schema<ProfileCardRow>(
  {
    _id: { type: String, required: true },
    displayName: { type: String, required: true },
    handle: { type: String, required: true },
    avatarUrl: { type: String, default: null },
    version: { type: Number, required: true },
  },
  { collection: 'profile_cards', versionKey: false, strict: 'throw' },
);

export const profileCardModel = (db: Connection): Model<ProfileCardRow> =>
  (db.models['ProfileCard'] as Model<ProfileCardRow> | undefined) ?? // registered below, with this schema
  db.model<ProfileCardRow>('ProfileCard', schema);

export const toProfileCard = ({ _id, version: _, ...shown }: ProfileCardRow): ProfileCard => ({
  userId: _id,
  ...shown,
});
