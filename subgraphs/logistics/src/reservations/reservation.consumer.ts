import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import { packageStore } from '../packages/package.store.ts';
import { reservationStore } from './reservation.store.ts';

/**
 * Facts on one hot SKU exclude each other, and each conflict costs a repeated transaction. Measured
 * with 300 requests on two cores: two at a time worked 90 a second on one SKU, one 40 to 60, four 35.
 */
const CONCURRENCY = 2;

/** What checkouts and orders do to stock and to parcels. */
export function startReservationConsumer(services: Services) {
  const reservations = reservationStore(services);
  const packages = packageStore(services);
  return startConsumer(
    services,
    'logistics.reservations',
    {
      'orders.stock-requested': ({ payload }, tx) => reservations.request(tx, payload),
      'orders.checkout-abandoned': ({ payload }, tx) =>
        reservations.abandon(tx, payload.checkoutId),
      'orders.order-placed': async ({ payload }, tx) => {
        const units = await reservations.place(tx, payload);
        if (units) await packages.open(tx, payload, units);
      },
      'orders.order-cancelled': async ({ payload }, tx) => {
        const goods = await packages.cancel(tx, payload.orderId);
        await reservations.giveBack(tx, payload, goods);
      },
    },
    { concurrency: CONCURRENCY },
  );
}
