import { type PersonalData, rowsOf } from '@vitrine/platform/privacy/personal-data';
import type { Services } from '@vitrine/platform/services';
import { feedModel } from '../feeds/feed.model.ts';
import { profileModel } from '../profiles/profile.model.ts';

/** What somebody looked at, and what was made of it. All of it goes; trends count and name nobody. */
export function personalData({
  db,
  redis,
  key,
}: Pick<Services, 'db' | 'redis' | 'key'>): PersonalData {
  const profiles = profileModel(db);
  const feeds = feedModel(db);
  return {
    exportOf: (userId) => ({
      interests: rowsOf(profiles.find({ _id: userId })),
      feeds: rowsOf(feeds.find({ viewerId: userId })),
    }),
    async erase(userId, { session, afterCommit }) {
      await profiles.deleteOne({ _id: userId }, { session });
      const markets = await feeds.distinct('market', { viewerId: userId }).session(session);
      await feeds.deleteMany({ viewerId: userId }, { session });
      const current = markets.map((market) => key('feed', userId, market));
      if (current.length > 0) afterCommit(() => redis.del(...current));
    },
  };
}
