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
    expiresAt: { type: Date, required: true },
  },
  { collection: 'sessions', versionKey: false, strict: 'throw' },
);
// Refreshing reads by it.
schema.index({ familyHash: 1 }, { unique: true });
// Signing out everywhere.
schema.index({ userId: 1 });
// What nobody refreshed is of no use any more.
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const sessionModel = (db: Connection): Model<SessionRow> =>
  (db.models['Session'] as Model<SessionRow> | undefined) ?? // registered below, with this schema
  db.model<SessionRow>('Session', schema);

export const toSession = ({ _id: id, ...session }: SessionRow): Session => ({ id, ...session });
