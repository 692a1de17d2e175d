import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { productStore } from './product.store.ts';
import { productOf } from './product.ts';

/** Keeps what affiliate knows of products in step with catalog. */
export function startProducts(services: Services): Closable {
  const products = productStore(services);
  return startConsumer(services, 'affiliate.products', {
    'catalog.listing-changed': (fact, tx) => products.project(productOf(fact), tx),
  });
}
