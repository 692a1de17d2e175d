import { DAY, plus } from '@vitrine/kernel/clock';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { isGuest } from '../signals/signal.ts';
import { type ProfileRow, profileModel, toProfile } from './profile.model.ts';
import type { Profile } from './profile.ts';

export interface Profiles {
  find(viewerId: string): Promise<Profile | null>;
  findMany(viewerIds: readonly string[], tx: Transaction): Promise<Profile[]>;
  saveMany(profiles: readonly Profile[], tx: Transaction): Promise<void>;
}

const KEPT_DAYS = { guest: 7, person: 365 };

export function profileStore({ db, clock }: Pick<Services, 'db' | 'clock'>): Profiles {
  const profiles = profileModel(db);
  return {
    async find(viewerId) {
      const row = await profiles.findById(viewerId).lean<ProfileRow>();
      return row && toProfile(row);
    },
    async findMany(viewerIds, { session }) {
      const rows = await profiles
        .find({ _id: { $in: viewerIds } }, null, { session })
        .lean<ProfileRow[]>();
      return rows.map(toProfile);
    },
    async saveMany(all, { session }) {
      if (all.length === 0) return;
      const now = clock();
      await profiles.bulkWrite(
        all.map(({ viewerId: _id, ...profile }) => ({
          replaceOne: {
            filter: { _id },
            replacement: {
              _id,
              ...profile,
              expiresAt: plus(now, DAY * (isGuest(_id) ? KEPT_DAYS.guest : KEPT_DAYS.person)),
            },
            upsert: true,
          },
        })),
        { session },
      );
    },
  };
}
