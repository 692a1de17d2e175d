import { contentPublished } from '@vitrine/events/social';
import { accept } from '@vitrine/kernel/outcome';
import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import { intentFields, madeBefore, noIntent, onceFor } from '../input/intent.store.ts';
import type { Intent } from '../input/intent.ts';
import { toVideo, VIDEO_INTENT, type VideoRow, videoModels } from './video.model.ts';
import type { Video, Videos } from './video.ts';

/** Videos of a list, the newest first. */
export const videoOrder: Order = { publishedAt: -1, _id: -1 };

export interface VideoStore extends Videos {
  /** Videos made elsewhere, as they are. Throws, with nothing written, when one is there already. */
  insertMany(tx: Transaction, videos: readonly Video[]): Promise<void>;
  list(market: string, page: Page): Promise<Video[]>;
}

export function videoStore(services: Services): VideoStore {
  const { videos, likes } = videoModels(services.db);

  async function insert(tx: Transaction, rows: readonly VideoRow[]): Promise<void> {
    await videos.insertMany(rows, { session: tx.session });
    for (const { _id, authorId, market } of rows) {
      tx.emit(contentPublished, {
        aggregateId: _id,
        aggregateVersion: 1,
        payload: { kind: 'VIDEO', contentId: _id, authorUserId: authorId, market },
      });
    }
  }

  async function findMade(intent: Intent) {
    const row = await videos
      .findOne({ authorId: intent.actorId, intentKey: intent.key })
      .lean<VideoRow>();
    return row && { thing: toVideo(row), intentHash: row.intentHash };
  }

  return {
    made: (intent) => madeBefore(intent, () => findMade(intent)),

    insertMany: (tx, made) =>
      insert(
        tx,
        made.map(({ id, ...video }) => ({ _id: id, ...video, ...noIntent(id) })),
      ),

    async findMany(ids) {
      const rows = await videos.find({ _id: { $in: ids } }).lean<VideoRow[]>();
      return rows.map(toVideo);
    },

    publish: ({ id, ...video }, intent) =>
      onceFor(intent, {
        index: VIDEO_INTENT,
        make: async () => {
          const row: VideoRow = { _id: id, ...video, ...intentFields(intent) };
          await transact(services, (tx) => insert(tx, [row]));
          return accept(toVideo(row));
        },
        find: () => findMade(intent),
      }),

    async like(videoId, userId) {
      try {
        await transact(services, async ({ session }) => {
          const liked = await videos.updateOne(
            { _id: videoId },
            { $inc: { likeCount: 1 } },
            { session },
          );
          if (liked.modifiedCount === 0) return;
          const row = { _id: `${videoId}/${userId}`, likedAt: services.clock() };
          await likes.insertMany([row], { session });
        });
      } catch (error) {
        // Liked before: the transaction took the count back with it.
        if (violatedIndex(error) !== '_id_') throw error;
      }
      const row = await videos.findById(videoId).lean<VideoRow>();
      return row && toVideo(row);
    },

    async list(market, page) {
      const rows = await videos
        .find({ market, ...after(videoOrder, page, { publishedAt: 'date' }) })
        .sort(sortOf(videoOrder, page))
        .limit(page.size + 1)
        .lean<VideoRow[]>();
      return rows.map(toVideo);
    },
  };
}
