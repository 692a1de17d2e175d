import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { offerStore } from './offer.store.ts';
import { listingOf } from './offer.ts';

/** Keeps offers current with the catalog's listings. */
export function offerConsumer(services: Services): Closable {
  const offers = offerStore(services.db);
  return startConsumer(services, 'orders.offers', {
    'catalog.listing-changed': (fact, tx) => offers.project(listingOf(fact), tx),
  });
}
