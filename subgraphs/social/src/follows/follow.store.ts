import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { type FollowerCountRow, type FollowRow, followId, followModels } from './follow.model.ts';
import type { Follows } from './follow.ts';

export interface Following {
  readonly followerId: string;
  readonly followedId: string;
}

export interface FollowStore extends Follows {
  /** Follows made elsewhere. Throws, with nothing written, when one is there already. */
  insertMany(tx: Transaction, pairs: readonly Following[]): Promise<void>;
}

/** Two first followers of one person may race to make their counter; the loser tries again. */
const ATTEMPTS = 3;

export function followStore(services: Services): FollowStore {
  const { follows, counts } = followModels(services.db);

  async function insertMany({ session }: Transaction, pairs: readonly Following[]): Promise<void> {
    const followedAt = services.clock();
    const rows = pairs.map((pair) => ({
      _id: followId(pair.followerId, pair.followedId),
      ...pair,
      followedAt,
    }));
    await follows.insertMany(rows, { session });
    const added = Map.groupBy(pairs, ({ followedId }) => followedId);
    await counts.bulkWrite(
      [...added].map(([_id, own]) => ({
        updateOne: {
          filter: { _id },
          update: { $inc: { followerCount: own.length } },
          upsert: true,
        },
      })),
      { session },
    );
  }

  return {
    insertMany,

    async follow(followerId, followedId) {
      const pair = { followerId, followedId };
      for (let attempt = 1; ; attempt += 1) {
        try {
          await transact(services, (tx) => insertMany(tx, [pair]));
          return;
        } catch (error) {
          if (violatedIndex(error) !== '_id_') throw error;
          if (await follows.exists({ _id: followId(followerId, followedId) })) return;
          if (attempt === ATTEMPTS) throw error;
        }
      }
    },

    unfollow: (followerId, followedId) =>
      transact(services, async ({ session }) => {
        const _id = followId(followerId, followedId);
        const { deletedCount } = await follows.deleteOne({ _id }, { session });
        if (deletedCount === 0) return;
        await counts.updateOne({ _id: followedId }, { $inc: { followerCount: -1 } }, { session });
      }),

    async followedBy(followerId, userIds) {
      const rows = await follows
        .find({ _id: { $in: userIds.map((userId) => followId(followerId, userId)) } })
        .lean<FollowRow[]>();
      return rows.map(({ followedId }) => followedId);
    },

    async countsOf(userIds) {
      const rows = await counts.find({ _id: { $in: userIds } }).lean<FollowerCountRow[]>();
      return rows.map(({ _id, followerCount }) => ({ userId: _id, followerCount }));
    },
  };
}
