import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { shopNames } from './shop-name.store.ts';

/** Shops by the name they opened with. Facts may come again; they say the same. */
export function startShopNames(services: Services): Closable {
  const names = shopNames(services);
  return startConsumer(services, 'accounts.shop-names', {
    'shops.shop-opened': ({ payload }, tx) => names.put(payload, tx),
  });
}
