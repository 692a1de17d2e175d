import { type Connection, type Model, Schema } from 'mongoose';
import type { Membership } from './membership.ts';

export interface MembershipRow extends Membership {
  /** `<shop>/<user>`: a person has one role in a shop, by the primary key. */
  readonly _id: string;
  /** Counts how often the role was held by a change that relies on it; see `StaffBook.holds`. */
  readonly held: number;
}

const schema = new Schema<MembershipRow>(
  {
    _id: { type: String, required: true },
    shopId: { type: String, required: true },
    userId: { type: String, required: true },
    role: { type: String, enum: ['OWNER', 'MANAGER', 'AGENT'], required: true },
    joinedAt: { type: Date, required: true },
    held: { type: Number, default: 0 },
  },
  { collection: 'memberships', versionKey: false, strict: 'throw' },
);
// What goes into a person's token, and `Viewer.memberships`.
schema.index({ userId: 1, joinedAt: 1, _id: 1 });
// A shop has one owner, also while it changes hands.
schema.index(
  { shopId: 1 },
  { unique: true, name: 'one_owner', partialFilterExpression: { role: 'OWNER' } },
);
// A shop's staff, in the order they joined.
schema.index({ shopId: 1, joinedAt: 1, userId: 1 });

export const membershipModel = (db: Connection): Model<MembershipRow> =>
  (db.models['Membership'] as Model<MembershipRow> | undefined) ?? // registered below, with this schema
  db.model<MembershipRow>('Membership', schema);

export const membershipId = (shopId: string, userId: string): string => `${shopId}/${userId}`;

export const toMembership = ({ _id, held: _held, ...membership }: MembershipRow): Membership =>
  membership;

export const toRow = (membership: Membership): MembershipRow => ({
  _id: membershipId(membership.shopId, membership.userId),
  ...membership,
  held: 0,
});
