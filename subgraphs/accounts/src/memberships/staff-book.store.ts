import { audit } from '@vitrine/platform/audit';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import {
  type MembershipRow,
  membershipId,
  membershipModel,
  toMembership,
  toRow,
} from './membership.model.ts';
import type { Membership, ShopRole, StaffBook, WithStaff } from './membership.ts';

/** Told within the transaction, with whose memberships are others by it. */
export type OnStaffChanged = (tx: Transaction, userId: string) => void;

/** Opens the staff book in a transaction of its own. */
export const withStaff =
  (services: Services, onChanged: OnStaffChanged): WithStaff =>
  (work) =>
    transact(services, (tx) => work(staffBook(services, tx, onChanged)));

/** The staff book in a transaction that does more. Each change is audited and told. */
export function staffBook(
  { db }: Pick<Services, 'db'>,
  tx: Transaction,
  onChanged: OnStaffChanged,
): StaffBook {
  const memberships = membershipModel(db);
  const { session } = tx;
  const idOf = ({ shopId, userId }: Membership) => membershipId(shopId, userId);

  function changed(
    { shopId, userId }: Membership,
    what: 'added' | 'removed' | 'changed',
    before: ShopRole | null,
    after: ShopRole | null,
  ): void {
    onChanged(tx, userId);
    audit(tx, {
      action: `accounts.staff-${what}`,
      subject: { type: 'Profile', id: userId },
      shopId,
      userId,
      before: before === null ? undefined : { role: before },
      after: after === null ? undefined : { role: after },
    });
  }

  return {
    async holds(shopId, userId, role) {
      // A write and no read: two transactions that write one row come one after the other, while
      // two that only read it would both go by what has changed under them.
      const held = await memberships.updateOne(
        { _id: membershipId(shopId, userId), role },
        { $inc: { held: 1 } },
        { session },
      );
      return held.modifiedCount === 1;
    },
    async find(shopId, userId) {
      const row = await memberships
        .findById(membershipId(shopId, userId), null, { session })
        .lean<MembershipRow>();
      return row && toMembership(row);
    },
    async add(membership) {
      await memberships.insertMany([toRow(membership)], { session });
      changed(membership, 'added', null, membership.role);
    },
    async setRole(membership, role) {
      await memberships.updateOne({ _id: idOf(membership) }, { $set: { role } }, { session });
      changed(membership, 'changed', membership.role, role);
    },
    async remove(membership) {
      await memberships.deleteOne({ _id: idOf(membership) }, { session });
      changed(membership, 'removed', membership.role, null);
    },
  };
}
