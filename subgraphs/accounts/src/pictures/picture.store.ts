import { DAY, MINUTE, plus } from '@vitrine/kernel/clock';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { setTimer } from '@vitrine/platform/timers';
import { type PictureUploadRow, pictureUploadModel, toUpload } from './picture.model.ts';
import type { PictureUpload, PictureUploads } from './picture.ts';

/** Takes away what an upload left that came to nothing; the timer's key is the upload. */
export const UPLOAD_TIMER = 'picture-upload';

export interface PictureUploadStore extends PictureUploads {
  findByToken(tokenHash: string): Promise<PictureUpload | null>;
  /** Notes, before it is done, that a file will be stored; false for an upload that is gone. */
  stage(uploadId: string, key: string): Promise<boolean>;
  /** Uses the upload up; false where another call has. */
  use(uploadId: string, used: PictureUpload['used'], tx: Transaction): Promise<boolean>;
  /** Files that were stored for the upload and are not its picture. */
  leftovers(uploadId: string): Promise<readonly string[]>;
}

export function pictureUploadStore(services: Services): PictureUploadStore {
  const uploads = pictureUploadModel(services.db);
  return {
    countSince: (userId, since) => uploads.countDocuments({ userId, createdAt: { $gt: since } }),
    add: ({ id, ...upload }) =>
      transact(services, async (tx) => {
        await uploads.create(
          [{ _id: id, ...upload, staged: [], keptUntil: plus(upload.createdAt, DAY) }],
          { session: tx.session },
        );
        // Well after the last moment at which somebody may still be storing.
        const dueAt = plus(upload.expiresAt, 15 * MINUTE);
        await setTimer(services, tx, { kind: UPLOAD_TIMER, key: id, dueAt });
      }),
    async findByToken(tokenHash) {
      const row = await uploads.findOne({ tokenHash }).lean<PictureUploadRow>();
      return row && toUpload(row);
    },
    async stage(uploadId, key) {
      const staged = await uploads.updateOne({ _id: uploadId }, { $addToSet: { staged: key } });
      return staged.matchedCount === 1;
    },
    async use(uploadId, used, { session }) {
      const saved = await uploads.updateOne(
        { _id: uploadId, used: null },
        { $set: { used } },
        { session },
      );
      return saved.modifiedCount === 1;
    },
    async leftovers(uploadId) {
      const row = await uploads.findById(uploadId).lean<PictureUploadRow>();
      return row ? row.staged.filter((key) => key !== row.used?.key) : [];
    },
  };
}
