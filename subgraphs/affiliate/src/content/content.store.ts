import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { type ContentRow, contentModel } from './content.model.ts';

export interface Contents {
  /** Notes who made it; what is noted first stays. */
  publish(contentId: string, authorUserId: string, tx: Transaction): Promise<void>;
  /**
   * The author, or null when unknown. In that case the document is written all the same, so that a
   * publication under way at this moment conflicts and one of the two sees the other's work.
   */
  authorOf(contentId: string, tx: Transaction): Promise<string | null>;
}

export function contentStore({ db }: Pick<Services, 'db'>): Contents {
  const contents = contentModel(db);
  return {
    async publish(_id, authorUserId, { session }) {
      const known = await contents.findById(_id, null, { session }).lean<ContentRow>();
      if (known?.authorUserId) return;
      await contents.updateOne(
        { _id },
        { $set: { authorUserId }, $setOnInsert: { early: 0 } },
        { upsert: true, session },
      );
    },
    async authorOf(_id, { session }) {
      const known = await contents.findById(_id, null, { session }).lean<ContentRow>();
      if (known?.authorUserId) return known.authorUserId;
      const row = await contents
        .findOneAndUpdate(
          { _id },
          { $inc: { early: 1 }, $setOnInsert: { authorUserId: null } },
          { upsert: true, returnDocument: 'after', session },
        )
        .lean<ContentRow>();
      return row?.authorUserId ?? null;
    },
  };
}
