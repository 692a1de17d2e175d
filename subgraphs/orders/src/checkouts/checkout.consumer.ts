import { enqueuer } from '@vitrine/platform/jobs';
import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { advanceCheckoutJob } from './advance-checkout.job.ts';
import { checkoutStore } from './checkout.store.ts';
import { type CheckoutEvent, isRefused } from './checkout.ts';

/** Hears logistics' answers. */
export function checkoutConsumer(services: Services): Closable {
  const checkouts = checkoutStore(services);
  const enqueue = enqueuer(services, advanceCheckoutJob);

  async function hear(checkoutId: string, event: CheckoutEvent, tx: Transaction): Promise<void> {
    const checkout = await checkouts.findIn(checkoutId, tx);
    if (!checkout) throw new Error(`logistics answers for ${checkoutId}, which is not ours`);
    const moved = await checkouts.applyIn(checkout, event, tx);
    if (moved) {
      const { version } = moved;
      tx.afterCommit(() => enqueue({ checkoutId, version }));
    } else if (event.type === 'STOCK_RESERVED' && isRefused(checkout.progress)) {
      // Reserved after it was told to let go: told again, it lets go.
      await checkouts.release(checkout, tx);
    }
  }

  return startConsumer(
    services,
    'orders.checkouts',
    {
      'logistics.stock-reserved': ({ payload: { checkoutId, reservationId, expiresAt } }, tx) =>
        hear(
          checkoutId,
          { type: 'STOCK_RESERVED', reservationId, expiresAt: new Date(expiresAt) },
          tx,
        ),
      'logistics.stock-refused': ({ payload: { checkoutId, shortages } }, tx) =>
        hear(checkoutId, { type: 'STOCK_REFUSED', shortages }, tx),
    },
    { concurrency: 8 },
  );
}
