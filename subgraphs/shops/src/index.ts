import { startPrivacy } from '@vitrine/platform/privacy/privacy.consumer';
import { buildSchema } from '@vitrine/platform/schema';
import { defineSubgraph } from '@vitrine/platform/subgraph';
import { applicationModel } from './applications/application.model.ts';
import { applicationResolvers } from './applications/application.resolvers.ts';
import { openContext } from './context.ts';
import { marketResolvers } from './markets/market.resolvers.ts';
import { personalData } from './privacy/personal-data.store.ts';
import { shopModel } from './shops/shop.model.ts';
import { shopResolvers } from './shops/shop.resolvers.ts';
import { startTestShops } from './test-shops/test-shop.consumer.ts';
import { testShopResolvers } from './test-shops/test-shop.resolvers.ts';

/** Where the platform trades, who may sell there, and how one becomes a seller. */
export const shops = defineSubgraph({
  name: 'shops',
  schema: buildSchema(import.meta.dirname, [
    marketResolvers,
    shopResolvers,
    applicationResolvers,
    testShopResolvers,
  ]),
  models: ({ db }) => {
    shopModel(db);
    applicationModel(db);
  },
  open: openContext,
  work: (services) => [
    startPrivacy(services, 'shops.privacy', personalData(services)),
    startTestShops(services),
  ],
});
