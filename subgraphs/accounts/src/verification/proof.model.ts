import { type Connection, type Model, Schema } from 'mongoose';
import type { PendingSignUp, Proof, Purpose } from './proof.ts';

export interface ProofRow {
  /** Hash of the token. */
  readonly _id: string;
  readonly email: string;
  readonly kind: Purpose['kind'];
  readonly userId: string | null;
  readonly signUp: PendingSignUp | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const schema = new Schema<ProofRow>(
  {
    _id: { type: String, required: true },
    email: { type: String, required: true },
    kind: {
      type: String,
      enum: ['SIGN_UP', 'TAKEN_SIGN_UP', 'PASSWORD_RESET', 'EMAIL_CHANGE', 'NOTHING'],
      required: true,
    },
    userId: { type: String, default: null },
    signUp: {
      type: new Schema(
        {
          passwordHash: { type: String, required: true },
          handle: { type: String, default: null },
          displayName: { type: String, required: true },
          market: { type: String, default: null },
          language: { type: String, default: null },
        },
        { _id: false },
      ),
      default: null,
    },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'mailed_proofs', versionKey: false, strict: 'throw' },
);
// Sign-in and resending look for what an address waits for; an account made takes the others with it.
schema.index({ email: 1, kind: 1, createdAt: -1 });
// A new password takes a person's other tokens with it.
schema.index({ userId: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const proofModel = (db: Connection): Model<ProofRow> =>
  (db.models['MailedProof'] as Model<ProofRow> | undefined) ?? // registered below, with this schema
  db.model<ProofRow>('MailedProof', schema);

export const toRow = ({ tokenHash, purpose, ...proof }: Proof): ProofRow => ({
  _id: tokenHash,
  ...proof,
  kind: purpose.kind,
  userId: 'userId' in purpose ? purpose.userId : null,
  signUp: 'signUp' in purpose ? purpose.signUp : null,
});
