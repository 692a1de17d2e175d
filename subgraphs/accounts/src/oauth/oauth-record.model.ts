import { type Connection, type Model, Schema } from 'mongoose';

/** What the OAuth server keeps of one code, token, interaction or browser session. */
export interface OAuthRecordRow {
  /** `<kind>:<SHA-256 of what it is known by>`: codes and tokens themselves are kept nowhere. */
  readonly _id: string;
  readonly kind: string;
  /** As the server gave it, without what it is known by. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly grantId?: string;
  /** Of a browser session, by which interactions find it. */
  readonly uid?: string;
  /** When a code or refresh token was used up. */
  readonly consumedAt?: Date;
  readonly expiresAt: Date;
}

const schema = new Schema<OAuthRecordRow>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    payload: { type: Schema.Types.Mixed, required: true },
    grantId: String,
    uid: String,
    consumedAt: Date,
    expiresAt: { type: Date, required: true },
  },
  { collection: 'oauth_records', versionKey: false, strict: 'throw', minimize: false },
);
// Everything that ends with a grant.
schema.index({ grantId: 1, kind: 1 }, { sparse: true });
// An interaction looks for the browser session it began in.
schema.index({ uid: 1 }, { sparse: true });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const oauthRecordModel = (db: Connection): Model<OAuthRecordRow> =>
  (db.models['OAuthRecord'] as Model<OAuthRecordRow> | undefined) ?? // registered below, with this schema
  db.model<OAuthRecordRow>('OAuthRecord', schema);
