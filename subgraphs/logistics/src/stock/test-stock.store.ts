import type { listingChanged } from '@vitrine/events/catalog';
import type { FactOf } from '@vitrine/events/fact';
import { isTestMarket } from '@vitrine/markets/market';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { type WarehouseRow, warehouseModel } from '../warehouses/warehouse.model.ts';
import { warehouseStore } from '../warehouses/warehouse.store.ts';
import { mainWarehouse } from '../warehouses/warehouse.ts';
import { stockLedger } from './stock.ledger.ts';
import { stockModels } from './stock.model.ts';

/** So many units of a variant lie in the test market before its shop has said anything. */
export const TEST_UNITS = 100;

/**
 * Stocks what a test shop lists for the first time, so that it can be ordered at once. What its
 * developer sets afterwards stays: only a variant without any level is filled.
 */
export function testStock(services: Services) {
  const { db, newId } = services;
  const { levels } = stockModels(db);
  const warehouses = warehouseStore(services);
  const ledger = stockLedger(services);

  /** The shop's first one, which the news of its opening may not have made yet. */
  async function warehouseOf(shopId: string, market: string, tx: Transaction): Promise<string> {
    const known = await warehouseModel(db)
      .findOne({ shopId, isDefault: true }, { _id: 1 }, { session: tx.session })
      .lean<Pick<WarehouseRow, '_id'>>();
    if (known) return known._id;
    const first = mainWarehouse(newId('whs'), market);
    await warehouses.openShop(tx, shopId, [first]);
    return first.id;
  }

  return async (
    { payload }: Pick<FactOf<typeof listingChanged>, 'payload'>,
    tx: Transaction,
  ): Promise<void> => {
    const { productId, shopId, isActive, variants } = payload;
    const market = variants
      .flatMap(({ prices }) => prices.map((price) => price.market))
      .find(isTestMarket);
    if (!isActive || market === undefined) return;
    const ids = variants.map(({ variantId }) => variantId);
    const lying = new Set<string>(
      await levels.distinct('variantId', { variantId: { $in: ids } }).session(tx.session),
    );
    const fresh = ids.filter((variantId) => !lying.has(variantId));
    if (fresh.length === 0) return;
    const warehouseId = await warehouseOf(shopId, market, tx);
    await ledger.fill(
      tx,
      fresh.map((variantId) => ({
        variantId,
        warehouseId,
        productId,
        shopId,
        market,
        onHand: TEST_UNITS,
      })),
    );
  };
}
