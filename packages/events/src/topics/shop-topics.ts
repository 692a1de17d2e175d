import { z } from 'zod';
import { listingChanged } from '../catalog.ts';
import { availabilityChanged } from '../logistics.ts';
import { shopOpened } from '../shops.ts';
import { defineTopic, publicMoney, toPublicMoney } from './topic.ts';

const shopId = z.string().describe('Shop.id');
const productId = z.string().describe('Product.id');
const variantId = z.string().describe('Variant.id');
const examples = {
  shopId: 'shp_01JNYZ8V4D0000000000000001',
  productId: 'prd_01JNYZ8V4D0000000000000001',
  variantId: 'var_01JNYZ8V4D0000000000000001',
};

export const listingChangedTopic = defineTopic({
  name: 'listing.changed',
  version: 1,
  description: 'What buyers see of a product changed: published, edited, or taken down.',
  scope: 'products:read',
  fact: listingChanged,
  payload: z.object({
    productId,
    shopId,
    isActive: z.boolean().describe('False when it was taken down'),
    titles: z.record(z.string(), z.string()).describe('By language'),
    defaultLanguage: z.string(),
    imageUrl: z.string().nullable(),
    category: z.string(),
    variants: z.array(
      z.object({
        variantId,
        sku: z.string(),
        attributes: z.record(z.string(), z.string()),
        weightGrams: z.int(),
        prices: z
          .array(z.object({ market: z.string(), price: publicMoney }))
          .describe('One per market it is sold in'),
      }),
    ),
  }),
  example: {
    productId: examples.productId,
    shopId: examples.shopId,
    isActive: true,
    titles: { en: 'Mug', de: 'Becher' },
    defaultLanguage: 'en',
    imageUrl: 'https://vitrine.example/media/mug.webp',
    category: 'kitchen',
    variants: [
      {
        variantId: examples.variantId,
        sku: 'MUG-RED',
        attributes: { Colour: 'Red' },
        weightGrams: 320,
        prices: [{ market: 'DE', price: { amount: '14.90', currencyCode: 'EUR' } }],
      },
    ],
  },
  publish: ({ variants, ...listing }) => ({
    subject: { shopIds: [listing.shopId], userIds: [] },
    data: {
      ...listing,
      variants: variants.map(({ prices, ...variant }) => ({
        ...variant,
        prices: prices.map(({ market, price }) => ({ market, price: toPublicMoney(price) })),
      })),
    },
  }),
});

export const availabilityChangedTopic = defineTopic({
  name: 'availability.changed',
  version: 1,
  description: 'A variant is sold out, or can be bought again, over all warehouses.',
  scope: 'stock:read',
  fact: availabilityChanged,
  payload: z.object({ variantId, productId, shopId, isAvailable: z.boolean() }),
  example: { ...examples, isAvailable: false },
  publish: ({ variantId, productId, shopId, isAvailable }) => ({
    subject: { shopIds: [shopId], userIds: [] },
    data: { variantId, productId, shopId, isAvailable },
  }),
});

export const shopOpenedTopic = defineTopic({
  name: 'shop.opened',
  version: 1,
  description: 'An application was approved: the shop exists and may sell.',
  scope: 'applications:read',
  fact: shopOpened,
  payload: z.object({
    shopId,
    name: z.string(),
    market: z.string().describe('By ISO 3166-1 alpha-2'),
    currencyCode: z.string().describe('By ISO 4217'),
  }),
  example: { shopId: examples.shopId, name: 'Becherhaus', market: 'DE', currencyCode: 'EUR' },
  publish: ({ shopId, ownerUserId, name, market, currencyCode }) => ({
    subject: { shopIds: [shopId], userIds: [ownerUserId] },
    data: { shopId, name, market, currencyCode },
  }),
});
