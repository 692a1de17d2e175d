import type { Transaction } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import {
  type MembershipRow,
  membershipId,
  membershipModel,
  toMembership,
  toRow,
} from './membership.model.ts';
import type { Membership, Memberships } from './membership.ts';

const MOST_PER_PERSON = 100;
const STAFF_ORDER: Order = { joinedAt: 1, userId: 1 };

export interface MembershipStore extends Memberships {
  listStaff(shopId: string, page: Page): Promise<readonly Membership[]>;
  /** Makes somebody the owner of a shop that has none yet, whatever they were there before. */
  own(membership: Omit<Membership, 'role'>, tx: Transaction): Promise<void>;
  insert(memberships: readonly Membership[], tx: Transaction): Promise<void>;
}

export function membershipStore({ db }: Pick<Services, 'db'>): MembershipStore {
  const memberships = membershipModel(db);

  async function ofUser(userId: string): Promise<Membership[]> {
    const rows = await memberships
      .find({ userId })
      .sort({ joinedAt: 1, _id: 1 })
      .limit(MOST_PER_PERSON)
      .lean<MembershipRow[]>();
    return rows.map(toMembership);
  }

  return {
    async find(shopId, userId) {
      const row = await memberships.findById(membershipId(shopId, userId)).lean<MembershipRow>();
      return row && toMembership(row);
    },
    // One read each, so that the limit is each one's own; only ever the viewer asks.
    findByUsers: async (userIds) => (await Promise.all(userIds.map(ofUser))).flat(),
    async listStaff(shopId, page) {
      const rows = await memberships
        .find({ shopId, ...after(STAFF_ORDER, page, { joinedAt: 'date' }) })
        .sort(sortOf(STAFF_ORDER, page))
        .limit(page.size + 1)
        .lean<MembershipRow[]>();
      return rows.map(toMembership);
    },
    async own({ shopId, userId, joinedAt }, { session }) {
      // It may be told again after the shop was handed over.
      if (await memberships.exists({ shopId, role: 'OWNER' }).session(session)) return;
      await memberships.updateOne(
        { _id: membershipId(shopId, userId) },
        { $set: { role: 'OWNER' }, $setOnInsert: { shopId, userId, joinedAt } },
        { upsert: true, session },
      );
    },
    async insert(all, { session }) {
      await memberships.insertMany(all.map(toRow), { session });
    },
  };
}
