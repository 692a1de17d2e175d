import { startPrivacy } from '@vitrine/platform/privacy/privacy.consumer';
import { buildSchema } from '@vitrine/platform/schema';
import { defineSubgraph } from '@vitrine/platform/subgraph';
import { openContext } from './context.ts';
import { eventResolvers } from './events/event.resolvers.ts';
import { feedModel } from './feeds/feed.model.ts';
import { recommendationResolvers } from './feeds/recommendation.resolvers.ts';
import { feedRemaking, startRemakingFeeds } from './feeds/remake-feeds.worker.ts';
import { neighboursModel } from './neighbours/neighbours.model.ts';
import { personalData } from './privacy/personal-data.store.ts';
import { startOffers } from './products/offer.consumer.ts';
import { offerModel } from './products/offer.model.ts';
import { profileModel } from './profiles/profile.model.ts';
import { startAbsorbing } from './signals/absorb-batches.worker.ts';
import { offsetModel } from './signals/offset.model.ts';
import { startPurchases } from './signals/purchase.consumer.ts';
import { watchStream } from './signals/stream-watch.worker.ts';
import { trendModel } from './trends/trend.model.ts';

/** What people do, and what we suggest because of it. */
export const discovery = defineSubgraph({
  name: 'discovery',
  schema: buildSchema(import.meta.dirname, [eventResolvers, recommendationResolvers]),
  models: ({ db }) => {
    for (const register of [
      offerModel,
      profileModel,
      neighboursModel,
      trendModel,
      feedModel,
      offsetModel,
    ]) {
      register(db);
    }
  },
  open: openContext,
  work: (services) => [
    startPrivacy(services, 'discovery.privacy', personalData(services)),
    startOffers(services),
    startPurchases(services),
    startRemakingFeeds(services),
    startAbsorbing(services, feedRemaking(services)),
    watchStream(services),
  ],
});
