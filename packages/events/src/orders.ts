import { z } from 'zod';
import { defineFact, moneyValue, sourceValue } from './fact.ts';

/** A checkout asks for its stock. Logistics answers `stock-reserved` or `stock-refused`, once. */
export const stockRequested = defineFact({
  type: 'orders.stock-requested',
  version: 1,
  payload: z.object({
    checkoutId: z.string(),
    market: z.string(),
    /** Duplicates of one variant are summed by logistics, not trusted to be. */
    lines: z.array(z.object({ variantId: z.string(), quantity: z.int().positive() })).min(1),
  }),
});

/** A checkout failed or was given up after it had asked for stock: whatever it holds is let go. */
export const checkoutAbandoned = defineFact({
  type: 'orders.checkout-abandoned',
  version: 1,
  payload: z.object({ checkoutId: z.string(), reason: z.string() }),
});

const placedLine = z.object({
  orderLineId: z.string(),
  productId: z.string(),
  variantId: z.string(),
  sku: z.string(),
  title: z.string(),
  /** What the buyer paid for this unit: the commission base before tax and coupons exist. */
  price: moneyValue,
  source: sourceValue.nullable(),
});

/** One shop's order is paid and firm. One unit is one line. */
export const orderPlaced = defineFact({
  type: 'orders.order-placed',
  version: 1,
  payload: z.object({
    orderId: z.string(),
    checkoutId: z.string(),
    buyerId: z.string(),
    /** As strangers may see the buyer, such as `A***n`. */
    buyerAlias: z.string(),
    shopId: z.string(),
    market: z.string(),
    lines: z.array(placedLine).min(1),
    shippingOptionId: z.string(),
    total: moneyValue,
  }),
});

/** An unshipped order was cancelled and refunded; its lines return to stock and earn nobody anything. */
export const orderCancelled = defineFact({
  type: 'orders.order-cancelled',
  version: 1,
  payload: z.object({
    orderId: z.string(),
    checkoutId: z.string(),
    buyerId: z.string(),
    shopId: z.string(),
    market: z.string(),
    lines: z
      .array(
        z.object({
          orderLineId: z.string(),
          productId: z.string(),
          variantId: z.string(),
          refunded: moneyValue,
        }),
      )
      .min(1),
  }),
});
