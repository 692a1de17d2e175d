import { createHash } from 'node:crypto';
import { plus, SECOND } from '@vitrine/kernel/clock';
import type { Services } from '@vitrine/platform/services';
import type { AdapterPayload } from 'oidc-provider';
import { type OAuthRecordRow, oauthRecordModel } from './oauth-record.model.ts';

export interface StoredRecord {
  readonly payload: AdapterPayload;
  readonly consumedAt: Date | null;
}

/** What the OAuth server stores, by kind and by what it hands out. */
export interface OAuthRecords {
  put(kind: string, id: string, payload: AdapterPayload, expiresIn: number): Promise<void>;
  find(kind: string, id: string): Promise<StoredRecord | null>;
  findByUid(kind: string, uid: string): Promise<AdapterPayload | null>;
  /** Marks it as used; false when somebody has done so before. */
  consume(kind: string, id: string): Promise<boolean>;
  remove(kind: string, id: string): Promise<void>;
  removeByUid(kind: string, uid: string): Promise<void>;
  removeOfGrant(kind: string, grantId: string): Promise<void>;
}

const rowId = (kind: string, id: string): string =>
  `${kind}:${createHash('sha256').update(id).digest('base64url')}`;

export function oauthRecords({ db, clock }: Pick<Services, 'db' | 'clock'>): OAuthRecords {
  const records = oauthRecordModel(db);
  return {
    async put(kind, id, { jti: _, ...payload }, expiresIn) {
      const { grantId, uid } = payload;
      // An interaction brings along the cookie of the browser's session, which it does not need.
      if (payload.session?.cookie !== undefined) {
        const { cookie: __, ...session } = payload.session;
        payload.session = session;
      }
      const row: Omit<OAuthRecordRow, '_id'> = {
        kind,
        payload,
        expiresAt: plus(clock(), expiresIn * SECOND),
        ...(grantId === undefined ? {} : { grantId }),
        ...(uid === undefined ? {} : { uid }),
      };
      await records.updateOne({ _id: rowId(kind, id) }, { $set: row }, { upsert: true });
    },
    async find(kind, id) {
      const row = await records.findById(rowId(kind, id)).lean<OAuthRecordRow>();
      if (!row) return null;
      return { payload: { ...row.payload, jti: id }, consumedAt: row.consumedAt ?? null };
    },
    async findByUid(kind, uid) {
      const row = await records.findOne({ uid, kind }).lean<OAuthRecordRow>();
      return row?.payload ?? null;
    },
    async consume(kind, id) {
      const used = await records.updateOne(
        { _id: rowId(kind, id), consumedAt: { $exists: false } },
        { $set: { consumedAt: clock() } },
      );
      return used.modifiedCount === 1;
    },
    async remove(kind, id) {
      await records.deleteOne({ _id: rowId(kind, id) });
    },
    async removeByUid(kind, uid) {
      await records.deleteOne({ uid, kind });
    },
    async removeOfGrant(kind, grantId) {
      await records.deleteMany({ grantId, kind });
    },
  };
}
