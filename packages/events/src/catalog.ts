import { z } from 'zod';
import { defineFact, moneyValue } from './fact.ts';

/** The buyer's view of a product changed: published, edited while published, or taken down. */
export const listingChanged = defineFact({
  type: 'catalog.listing-changed',
  version: 1,
  payload: z.object({
    productId: z.string(),
    shopId: z.string(),
    /** Only an active listing may be shown, recommended or bought. */
    isActive: z.boolean(),
    /** By BCP 47 language, at least one. */
    titles: z.record(z.string(), z.string()),
    defaultLanguage: z.string(),
    imageUrl: z.string().nullable(),
    category: z.string(),
    variants: z.array(
      z.object({
        variantId: z.string(),
        sku: z.string(),
        /** Such as `{ Colour: 'Red', Size: 'M' }`; empty for a product without choices. */
        attributes: z.record(z.string(), z.string()),
        weightGrams: z.int().positive(),
        /** One price per market the variant is sold in. */
        prices: z.array(z.object({ market: z.string(), price: moneyValue })),
      }),
    ),
  }),
});
