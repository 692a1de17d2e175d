import { startConsumer } from '@vitrine/platform/outbox/consumer';
import type { Services } from '@vitrine/platform/services';
import { warehouseStore } from './warehouse.store.ts';
import { mainWarehouse } from './warehouse.ts';

/** Gives every shop a warehouse to start with, so that its owner can stock the first product at once. */
export function startShopConsumer(services: Services) {
  const warehouses = warehouseStore(services);
  return startConsumer(services, 'logistics.shops', {
    'shops.shop-opened': async ({ payload }, tx) => {
      const { shopId, market } = payload;
      await warehouses.openShop(tx, shopId, [mainWarehouse(services.newId('whs'), market)]);
    },
  });
}
