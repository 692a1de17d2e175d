import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { offerStore } from './offer.store.ts';
import { withListing, withStock } from './offer.ts';

/** Keeps what discovery knows of products in step with catalog and logistics. */
export function startOffers(services: Services): Closable {
  const offers = offerStore(services);
  return startConsumer(services, 'discovery.products', {
    'catalog.listing-changed': (fact, tx) =>
      offers.change(fact.payload.productId, (offer) => withListing(offer, fact), tx),
    'logistics.availability-changed': ({ payload, aggregateVersion: version }, tx) => {
      const { productId, variantId, isAvailable } = payload;
      return offers.change(
        productId,
        (offer) => withStock(offer, { variantId, isAvailable, version }),
        tx,
      );
    },
  });
}
