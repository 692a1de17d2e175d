import { type Connection, type Model, Schema } from 'mongoose';
import type { App } from './app.ts';

export interface AppRow extends Omit<App, 'id'> {
  readonly _id: string;
}

const secret = new Schema(
  { hash: { type: String, required: true }, until: { type: Date, default: null } },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<AppRow>(
  {
    _id: { type: String, required: true },
    developerUserId: { type: String, required: true },
    kind: { type: String, enum: ['CONFIDENTIAL', 'PUBLIC'], required: true },
    name: { type: String, required: true },
    description: { type: String, required: true },
    homepageUrl: { type: String, required: true },
    iconUrl: { type: String, default: null },
    redirectUris: { type: [String], required: true },
    scopes: { type: [String], required: true },
    secrets: { type: [secret], required: true },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'apps', versionKey: false, strict: 'throw' },
);
// A developer's apps, the newest first; ids rise with time.
schema.index({ developerUserId: 1, _id: -1 });

export const appModel = (db: Connection): Model<AppRow> =>
  (db.models['App'] as Model<AppRow> | undefined) ?? // registered below, with this schema
  db.model<AppRow>('App', schema);

export const toApp = ({ _id: id, ...app }: AppRow): App => ({ id, ...app });

export const toRow = ({ id, ...app }: App): AppRow => ({ _id: id, ...app });
