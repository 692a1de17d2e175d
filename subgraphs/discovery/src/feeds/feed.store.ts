import { violatedIndex } from '@vitrine/platform/mongo';
import type { Services } from '@vitrine/platform/services';
import { type FeedRow, feedModel } from './feed.model.ts';
import type { Feed } from './feed.ts';

export interface Feeds {
  /** The last feed made, from Redis, else from MongoDB. */
  current(viewerId: string, market: string): Promise<Feed | null>;
  /** A feed that a cursor names; null when it is half an hour old or of somebody else. */
  ofVersion(viewerId: string, market: string, version: string): Promise<Feed | null>;
  /** Keeps the feed unless one that follows from a later profile is there. */
  save(feed: Feed): Promise<void>;
}

const CURRENT_SECONDS = 86_400;
/** So long a reader may take from page to page. */
const VERSION_SECONDS = 1_800;

export function feedStore({ db, redis, key }: Pick<Services, 'db' | 'redis' | 'key'>): Feeds {
  const feeds = feedModel(db);
  const currentKey = (viewerId: string, market: string) => key('feed', viewerId, market);
  const versionKey = (version: string) => key('feed-version', version);

  /** Redis holds copies only: what it cannot tell is made again. */
  async function fromRedis(from: string): Promise<Feed | null> {
    const text = await redis.get(from).catch(() => null);
    if (text === null) return null;
    const feed = JSON.parse(text) as Feed & { madeAt: string }; // written by `save`, below
    return { ...feed, madeAt: new Date(feed.madeAt) };
  }

  return {
    async current(viewerId, market) {
      const copy = await fromRedis(currentKey(viewerId, market));
      if (copy) return copy;
      const row = await feeds.findById(`${viewerId}/${market}`).lean<FeedRow>();
      if (!row) return null;
      const { _id: _, ...feed } = row;
      return feed;
    },
    async ofVersion(viewerId, market, version) {
      const feed = await fromRedis(versionKey(version));
      return feed?.viewerId === viewerId && feed.market === market ? feed : null;
    },
    async save(feed) {
      const { viewerId, market, version, profileVersion } = feed;
      if (profileVersion > 0) {
        try {
          await feeds.replaceOne(
            { _id: `${viewerId}/${market}`, profileVersion: { $lte: profileVersion } },
            feed,
            { upsert: true },
          );
        } catch (error) {
          // The key exists with a later profile: that feed stays, this one is only for its cursors.
          if (violatedIndex(error) === null) throw error;
        }
      }
      const text = JSON.stringify(feed);
      await redis
        .pipeline()
        .set(versionKey(version), text, 'EX', VERSION_SECONDS)
        .set(currentKey(viewerId, market), text, 'EX', CURRENT_SECONDS)
        .exec()
        .catch(() => {});
    },
  };
}
