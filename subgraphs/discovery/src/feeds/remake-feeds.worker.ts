import { jobWorker } from '@vitrine/platform/jobs';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { profileStore } from '../profiles/profile.store.ts';
import type { Profile } from '../profiles/profile.ts';
import { enqueueLatest } from '../signals/latest.job.ts';
import { isGuest } from '../signals/signal.ts';
import { feedMaker } from './feed.maker.ts';
import { remakeFeeds } from './remake-feeds.job.ts';

export function startRemakingFeeds(services: Services): Closable {
  const profiles = profileStore(services);
  const makeFeed = feedMaker(services);
  return jobWorker(
    services,
    remakeFeeds,
    async ({ viewerId }) => {
      const profile = await profiles.find(viewerId);
      for (const market of profile?.markets ?? []) await makeFeed(viewerId, market, profile);
    },
    { concurrency: 4 },
  );
}

/** Asks for the feeds of a viewer whose profile has changed; guests have none. */
export function feedRemaking(services: Services): (profile: Profile) => Promise<void> {
  const enqueue = enqueueLatest(services, remakeFeeds);
  return async ({ viewerId }) => {
    if (!isGuest(viewerId)) await enqueue({ viewerId });
  };
}
