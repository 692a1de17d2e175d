import { type Connection, type Model, Schema } from 'mongoose';
import type { Invitation } from './invitation.ts';

export interface InvitationRow extends Omit<Invitation, 'id'> {
  readonly _id: string;
  /** Answered or not, it is of no interest afterwards. */
  readonly keptUntil: Date;
}

const schema = new Schema<InvitationRow>(
  {
    _id: { type: String, required: true },
    shopId: { type: String, required: true },
    email: { type: String, required: true },
    role: { type: String, enum: ['MANAGER', 'AGENT'], required: true },
    invitedBy: { type: String, required: true },
    state: { type: String, enum: ['OPEN', 'ACCEPTED', 'DECLINED', 'REVOKED'], required: true },
    answeredBy: { type: String, default: null },
    tokenHash: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    keptUntil: { type: Date, required: true },
  },
  { collection: 'shop_invitations', versionKey: false, strict: 'throw' },
);
// Whoever answers is found by the secret in the mail.
schema.index({ tokenHash: 1 }, { unique: true });
// An address has one open invitation of a shop.
schema.index(
  { shopId: 1, email: 1 },
  { unique: true, name: 'one_open', partialFilterExpression: { state: 'OPEN' } },
);
// A shop's list, and how many it sent today.
schema.index({ shopId: 1, createdAt: 1 });
schema.index({ keptUntil: 1 }, { expireAfterSeconds: 0 });

export const invitationModel = (db: Connection): Model<InvitationRow> =>
  (db.models['ShopInvitation'] as Model<InvitationRow> | undefined) ?? // registered below, with this schema
  db.model<InvitationRow>('ShopInvitation', schema);

export const toInvitation = ({
  _id: id,
  keptUntil: _keptUntil,
  ...invitation
}: InvitationRow): Invitation => ({ id, ...invitation });
