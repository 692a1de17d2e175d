import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { shopStore } from './shop.store.ts';

/** Learns which shops exist, so that a product can be started in them. */
export const startShopConsumer = (services: Services): Closable =>
  startConsumer(services, 'catalog.shops', {
    'shops.shop-opened': shopStore(services).project,
  });
