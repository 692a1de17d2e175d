import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { cartStore } from './cart.store.ts';

/** What somebody put in as a guest is theirs once they have signed in. A second fact finds no cart. */
export function cartConsumer(services: Services): Closable {
  const carts = cartStore(services.db, services.clock);
  return startConsumer(services, 'orders.guests', {
    'accounts.guest-signed-in': ({ payload: { guestId, userId } }, tx) =>
      carts.adopt(guestId, userId, tx),
  });
}
