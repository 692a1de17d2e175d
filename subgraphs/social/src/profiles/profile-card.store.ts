import type { Services } from '@vitrine/platform/services';
import type { ClientSession } from 'mongoose';
import { type ProfileCardRow, profileCardModel, toProfileCard } from './profile-card.model.ts';
import type { ProfileCard, ProfileCards } from './profile-card.ts';

export interface ProfileCardStore extends ProfileCards {
  /** Keeps the newest version, whatever order they come in. */
  project(card: ProfileCard, version: number, session: ClientSession): Promise<void>;
}

export function profileCardStore({ db }: Pick<Services, 'db'>): ProfileCardStore {
  const cards = profileCardModel(db);
  return {
    async findMany(userIds) {
      const rows = await cards.find({ _id: { $in: userIds } }).lean<ProfileCardRow[]>();
      return rows.map(toProfileCard);
    },
    async project({ userId, ...shown }, version, session) {
      const known = await cards.findById(userId).session(session).lean<ProfileCardRow>();
      if (!known) await cards.insertMany([{ _id: userId, ...shown, version }], { session });
      else if (known.version < version) {
        await cards.updateOne(
          { _id: userId, version: { $lt: version } },
          { $set: { ...shown, version } },
          { session },
        );
      }
    },
  };
}
