import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { orderStore } from './order.store.ts';
import { next } from './order.ts';

/** Moves orders on with their parcels. */
export function orderConsumer(services: Services): Closable {
  const orders = orderStore(services);
  return startConsumer(services, 'orders.fulfilment', {
    'logistics.package-moved': async ({ payload }, tx) => {
      const { orderId, state, orderLineIds: lineIds, packageId } = payload;
      const [order] = await orders.findMany([orderId]);
      const type = state === 'SHIPPED' ? 'LINES_SHIPPED' : 'LINES_DELIVERED';
      const moved = order && next(order, { type, lineIds });
      if (!moved) {
        const details = { orderId, packageId, state, order: order?.fulfilment.state };
        services.logger.info(details, 'a parcel moved that moves no order');
        return;
      }
      // Cancelled at the same moment: the retry decides on what is stored then.
      if (!(await orders.saveIn(moved, tx))) throw new Error(`${orderId} was changed meanwhile`);
    },
  });
}
