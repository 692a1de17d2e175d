import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Connection } from 'mongoose';
import { type ProfileRow, profileModel } from './profile.model.ts';
import type { Profiles } from './profile.ts';

export interface ProfileStore extends Profiles {
  /** Keeps the name, unless what is stored is as new. */
  project(profile: ProfileRow, tx: Transaction): Promise<void>;
}

export function profileStore(db: Connection): ProfileStore {
  const profiles = profileModel(db);
  return {
    async displayNameOf(userId) {
      const row = await profiles.findById(userId).lean<ProfileRow>();
      return row?.displayName ?? null;
    },

    async project({ _id, displayName, version }, { session }) {
      const stored = await profiles.findById(_id, null, { session }).lean<ProfileRow>();
      if (stored && stored.version >= version) return;
      if (!stored) await profiles.insertMany([{ _id, displayName, version }], { session });
      else {
        await profiles.updateOne(
          { _id, version: { $lt: version } },
          { $set: { displayName, version } },
          { session },
        );
      }
    },
  };
}
