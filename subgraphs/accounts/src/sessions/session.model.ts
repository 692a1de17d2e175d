import { type Connection, type Model, Schema } from 'mongoose';
import type { Session } from './session.ts';

export interface SessionRow extends Omit<Session, 'id'> {
  readonly _id: string;
}

const schema = new Schema<SessionRow>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    familyHash: { type: String, required: true },
    tokenHash: { type: String, required: true },
    previousHash: { type: String, default: null },
    rotatedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    lastSeenAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    client: {
      type: new Schema(
        {
          address: { type: String, default: null },
          userAgent: { type: String, default: null },
        },
        { _id: false },
      ),
      required: true,
    },
    hasSecondFactor: { type: Boolean, required: true },
    impersonation: {
      type: new Schema(
        {
          operatorId: { type: String, required: true },
          reason: { type: String, required: true },
        },
        { _id: false },
      ),
      default: null,
    },
  },
  { collection: 'sessions', versionKey: false, strict: 'throw' },
);
// Refreshing reads by it.
schema.index({ familyHash: 1 }, { unique: true });
// Signing out everywhere; a person's list, those seen last first.
schema.index({ userId: 1, lastSeenAt: -1, _id: -1 });
// What nobody refreshed is of no use any more.
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const sessionModel = (db: Connection): Model<SessionRow> =>
  (db.models['Session'] as Model<SessionRow> | undefined) ?? // registered below, with this schema
  db.model<SessionRow>('Session', schema);

/** What later versions added; a session that was opened before goes on without. */
const LATER = { client: { address: null, userAgent: null }, hasSecondFactor: false };

export const toSession = ({ _id: id, ...session }: SessionRow): Session => ({
  id,
  ...LATER,
  ...session,
  lastSeenAt: session.lastSeenAt ?? session.createdAt,
  impersonation: session.impersonation ?? null,
});

export const toRow = ({ id, ...session }: Session): SessionRow => ({ _id: id, ...session });
