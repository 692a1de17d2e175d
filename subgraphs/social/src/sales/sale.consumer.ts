import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { liveLogStore } from '../log/live-log.store.ts';
import { productCardStore } from '../product-cards/product-card.store.ts';
import { liveRoomStore } from '../rooms/live-room.store.ts';
import { announcements, salesByRoom } from './announce-sale.ts';

/**
 * Announces sales in the rooms they came from. Where a line came from is what the buyer's client
 * said, so a room speaks only of products in its bag.
 */
export function startSales(services: Services): Closable {
  const log = liveLogStore(services);
  const rooms = liveRoomStore(services, log);
  const cards = productCardStore(services);
  return startConsumer(services, 'social.sales', {
    async 'orders.order-placed'({ payload: { lines, buyerAlias } }, tx) {
      for (const [roomId, sales] of salesByRoom(lines)) {
        const [room] = await rooms.findMany([roomId]);
        const bag = new Set(room?.bag.map(({ productId }) => productId));
        const own = sales.filter(({ productId }) => bag.has(productId));
        if (own.length === 0) continue;
        const known = await cards.findMany(own.map(({ productId }) => productId));
        const pictures = new Map(known.map((card) => [card.productId, card.imageUrl]));
        const bodies = announcements(own, buyerAlias, (id) => pictures.get(id) ?? null);
        await log.record(tx, roomId, bodies, 1);
      }
    },
  });
}
