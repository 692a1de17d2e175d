import { z } from 'zod';
import { defineFact } from './fact.ts';

/** An application was approved: the shop exists and may sell. */
export const shopOpened = defineFact({
  type: 'shops.shop-opened',
  version: 1,
  payload: z.object({
    shopId: z.string(),
    ownerUserId: z.string(),
    name: z.string(),
    market: z.string(),
    currencyCode: z.string(),
  }),
});
