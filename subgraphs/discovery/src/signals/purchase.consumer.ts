import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { batchStream } from './batch.stream.ts';

/**
 * Puts purchases on the stream, beside what clients tell. The append may repeat when the
 * transaction around it does; the fact's id is the batch's, so it counts once.
 */
export function startPurchases(services: Services): Closable {
  const stream = batchStream(services);
  return startConsumer(services, 'discovery.purchases', {
    'orders.order-placed': ({ id, payload, occurredAt }) =>
      stream.append([
        {
          id,
          viewerId: payload.buyerId,
          signals: payload.lines.map(({ productId }) => ({
            kind: 'PURCHASE',
            productId,
            market: payload.market,
            at: occurredAt,
            dwellMs: null,
          })),
        },
      ]),
  });
}
