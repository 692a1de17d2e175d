import { startPrivacy } from '@vitrine/platform/privacy/privacy.consumer';
import { buildSchema } from '@vitrine/platform/schema';
import { defineSubgraph } from '@vitrine/platform/subgraph';
import { categoryResolvers } from './categories/category.resolvers.ts';
import { openContext } from './context.ts';
import { editingResolvers } from './editing/editing.resolvers.ts';
import { listingModel } from './listings/listing.model.ts';
import { listingResolvers } from './listings/listing.resolvers.ts';
import { personalData } from './privacy/personal-data.store.ts';
import { productModel } from './products/product.model.ts';
import { productResolvers } from './products/product.resolvers.ts';
import { startSampleConsumer } from './samples/sample.consumer.ts';
import { startShopConsumer } from './shops/shop.consumer.ts';
import { shopModel } from './shops/shop.model.ts';
import { shopResolvers } from './shops/shop.resolvers.ts';

/** Products, listings and search. */
export const catalog = defineSubgraph({
  name: 'catalog',
  schema: buildSchema(import.meta.dirname, [
    productResolvers,
    editingResolvers,
    listingResolvers,
    categoryResolvers,
    shopResolvers,
  ]),
  open: openContext,
  models: ({ db }) => {
    productModel(db);
    listingModel(db);
    shopModel(db);
  },
  work: (services) => [
    startPrivacy(services, 'catalog.privacy', personalData),
    startShopConsumer(services),
    startSampleConsumer(services),
  ],
});
