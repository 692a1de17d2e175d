import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import { testStock } from '../stock/test-stock.store.ts';
import { variantStore } from './variant.store.ts';

/** Keeps what logistics must know of variants at write time: whose they are and what they weigh. Stocks what is new in the test market. */
export function startVariantConsumer(services: Services) {
  const variants = variantStore(services);
  const stockTests = testStock(services);
  return startConsumer(services, 'logistics.variants', {
    'catalog.listing-changed': async (fact, tx) => {
      await variants.project(tx, fact);
      await stockTests(fact, tx);
    },
  });
}
