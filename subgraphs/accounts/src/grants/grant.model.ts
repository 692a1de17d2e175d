import { type Connection, type Model, Schema } from 'mongoose';
import type { Grant } from './grant.ts';

export interface GrantRow extends Omit<Grant, 'id'> {
  readonly _id: string;
}

const schema = new Schema<GrantRow>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    appId: { type: String, required: true },
    scopes: { type: [String], required: true },
    shopIds: { type: [String], required: true },
    sessionId: { type: String, required: true },
    grantedAt: { type: Date, required: true },
    lastUsedAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'grants', versionKey: false, strict: 'throw' },
);
// One grant of a person to an app, however often they agree.
schema.index({ userId: 1, appId: 1 }, { unique: true });
// Apps of a person and of a shop, those agreed to last first.
schema.index({ userId: 1, grantedAt: -1, _id: -1 });
schema.index({ shopIds: 1, grantedAt: -1, _id: -1 });
// Everything that ends with an app.
schema.index({ appId: 1 });
// What no app has used for long.
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const grantModel = (db: Connection): Model<GrantRow> =>
  (db.models['Grant'] as Model<GrantRow> | undefined) ?? // registered below, with this schema
  db.model<GrantRow>('Grant', schema);

export const toGrant = ({ _id: id, ...grant }: GrantRow): Grant => ({ id, ...grant });
