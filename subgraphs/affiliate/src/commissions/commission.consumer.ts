import type { FactOf } from '@vitrine/events/fact';
import type { orderPlaced } from '@vitrine/events/orders';
import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import type { Sale } from './commission.ts';
import { saleBooking } from './sale-booking.store.ts';

/** Units of an order that were sold through content; the others earn nobody anything. */
const salesOf = ({ payload, occurredAt }: FactOf<typeof orderPlaced>): Sale[] =>
  payload.lines.flatMap(({ orderLineId, productId, price, source }) =>
    source
      ? [
          {
            orderLineId,
            orderId: payload.orderId,
            shopId: payload.shopId,
            productId,
            buyerId: payload.buyerId,
            source,
            soldAt: occurredAt,
            currencyCode: price.currencyCode,
            baseMinor: BigInt(price.minor),
          },
        ]
      : [],
  );

/** Books commissions from what orders and social report. */
export function startCommissions(services: Services): Closable[] {
  const booking = saleBooking(services);
  return [
    startConsumer(services, 'affiliate.content', {
      'social.content-published': ({ payload }, tx) =>
        booking.publish(payload.contentId, payload.authorUserId, tx),
    }),
    startConsumer(services, 'affiliate.commissions', {
      async 'orders.order-placed'(fact, tx) {
        for (const sale of salesOf(fact)) await booking.sell(sale, tx);
      },
      async 'orders.order-cancelled'({ id: eventId, payload }, tx) {
        for (const { orderLineId, refunded } of payload.lines) {
          await booking.giveBack(orderLineId, { eventId, minor: BigInt(refunded.minor) }, tx);
        }
      },
    }),
  ];
}
