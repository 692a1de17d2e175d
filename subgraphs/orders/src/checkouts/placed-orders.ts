import { deadlinesFrom, type Order, orderNumber } from '../orders/order.ts';
import type { SellingRules } from '../selling/selling-rules.ts';
import type { Checkout } from './checkout.ts';

/** The orders that a checkout makes, one per shop: the same ones however often it is asked. */
export function placedOrders(
  { id: checkoutId, buyerId, market, address, payment, orders }: Checkout,
  paymentId: string,
  placedAt: Date,
  rules: SellingRules,
): Order[] {
  const { releaseAt, cancelAt } = deadlinesFrom(placedAt, rules);
  return orders.map(({ orderId, shopId, lines, shipping, total }) => ({
    id: orderId,
    number: orderNumber(orderId, market, placedAt),
    checkoutId,
    buyerId,
    shopId,
    market,
    lines: lines.flatMap(({ orderLineIds, unitPrice, ...line }) =>
      orderLineIds.map((id) => ({ ...line, id, price: unitPrice, state: 'PENDING' as const })),
    ),
    shipping,
    total,
    address,
    payment: { provider: payment.provider, paymentId },
    placedAt,
    cancelAt,
    fulfilment: { state: 'ON_HOLD', releaseAt },
    version: 1,
  }));
}
