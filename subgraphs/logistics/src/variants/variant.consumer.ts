import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import { variantStore } from './variant.store.ts';

/** Keeps what logistics must know of variants at write time: whose they are and what they weigh. */
export function startVariantConsumer(services: Services) {
  const variants = variantStore(services);
  return startConsumer(services, 'logistics.variants', {
    'catalog.listing-changed': (fact, tx) => variants.project(tx, fact),
  });
}
