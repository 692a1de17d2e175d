import { invariant } from '@vitrine/kernel/outcome';
import { marketOf, TEST_MARKET } from '@vitrine/markets/market';
import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { shopStore } from '../shops/shop.store.ts';
import { testShopOf } from './test-shop.ts';

/** Opens a test shop for every app, once: the shop's app is unique in the database. */
export function startTestShops(services: Services): Closable {
  const { clock, newId } = services;
  const shops = shopStore(services);
  return startConsumer(services, 'shops.test-shops', {
    'accounts.app-registered': async ({ payload }, tx) => {
      const [known] = await shops.findOfApps([payload.appId], tx);
      if (known) return;
      const market = marketOf(TEST_MARKET);
      invariant(market !== null, 'there is a test market');
      const shop = testShopOf(payload, { shopId: newId('shp'), market, openedAt: clock() });
      await shops.open([shop], tx);
    },
  });
}
