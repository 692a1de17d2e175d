import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { productCardStore } from './product-card.store.ts';
import { cardOfListing } from './product-card.ts';

/** Keeps product cards as catalog tells them. */
export function startProductCards(services: Services): Closable {
  const cards = productCardStore(services);
  return startConsumer(services, 'social.product-cards', {
    'catalog.listing-changed': ({ payload, aggregateVersion }, { session }) =>
      cards.project(cardOfListing(payload), aggregateVersion, session),
  });
}
