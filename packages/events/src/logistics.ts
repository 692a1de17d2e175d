import { z } from 'zod';
import { defineFact } from './fact.ts';

/** A variant went from none left to some, or from some to none, over all warehouses. */
export const availabilityChanged = defineFact({
  type: 'logistics.availability-changed',
  version: 1,
  payload: z.object({
    variantId: z.string(),
    productId: z.string(),
    shopId: z.string(),
    isAvailable: z.boolean(),
  }),
});

/** Stock is set aside for a checkout until `expiresAt`. Answers `orders.stock-requested`. */
export const stockReserved = defineFact({
  type: 'logistics.stock-reserved',
  version: 1,
  payload: z.object({
    checkoutId: z.string(),
    reservationId: z.string(),
    expiresAt: z.iso.datetime(),
  }),
});

/** Nothing was set aside, since something is short. Answers `orders.stock-requested`. */
export const stockRefused = defineFact({
  type: 'logistics.stock-refused',
  version: 1,
  payload: z.object({
    checkoutId: z.string(),
    shortages: z
      .array(
        z.object({ variantId: z.string(), requested: z.int(), available: z.int().nonnegative() }),
      )
      .min(1),
  }),
});

/** A parcel left the warehouse or arrived; moves its order on. */
export const packageMoved = defineFact({
  type: 'logistics.package-moved',
  version: 1,
  payload: z.object({
    packageId: z.string(),
    orderId: z.string(),
    state: z.enum(['SHIPPED', 'DELIVERED']),
    orderLineIds: z.array(z.string()).min(1),
    /** Whose affair it is; facts from before integrators were told of packages lack both. */
    shopId: z.string().optional(),
    buyerId: z.string().optional(),
  }),
});
