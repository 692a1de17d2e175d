import { accept, refuse } from '@vitrine/kernel/outcome';
import { audit } from '@vitrine/platform/audit';
import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import { shopModel, toWarehouse, type WarehouseRow, warehouseModel } from './warehouse.model.ts';
import {
  MAX_WAREHOUSES,
  type Warehouse,
  type WarehouseRefusal,
  type Warehouses,
} from './warehouse.ts';

export interface WarehouseStore extends Warehouses {
  findMany(ids: readonly string[]): Promise<Warehouse[]>;
  /** One row more than the page holds, where there is one. */
  pageOfShop(shopId: string, page: Page): Promise<Warehouse[]>;
  /** Adds the first warehouses of a shop and makes it known; does nothing for a known shop. */
  openShop(
    tx: Transaction,
    shopId: string,
    first: readonly Omit<Warehouse, 'shopId'>[],
  ): Promise<boolean>;
  /** Counts and adds one in the caller's transaction, which must fail when this refuses. */
  insert(tx: Transaction, warehouse: Warehouse): Promise<WarehouseRefusal | null>;
}

const OLDEST_FIRST: Order = { _id: 1 };

class Refused extends Error {
  readonly refusal: WarehouseRefusal;
  constructor(refusal: WarehouseRefusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

export function warehouseStore(services: Services): WarehouseStore {
  const warehouses = warehouseModel(services.db);
  const shops = shopModel(services.db);

  const store: WarehouseStore = {
    async knowsShop(shopId) {
      return (await shops.exists({ _id: shopId })) !== null;
    },

    async findMany(ids) {
      const rows = await warehouses.find({ _id: { $in: ids } }).lean<WarehouseRow[]>();
      return rows.map(toWarehouse);
    },

    async pageOfShop(shopId, page) {
      const rows = await warehouses
        .find({ $and: [{ shopId }, after(OLDEST_FIRST, page)] })
        .sort(sortOf(OLDEST_FIRST, page))
        .limit(page.size + 1)
        .lean<WarehouseRow[]>();
      return rows.map(toWarehouse);
    },

    async add(warehouse) {
      try {
        await transact(services, async (tx) => {
          const refusal = await store.insert(tx, warehouse);
          // Thrown, so that the count raised for it is taken back.
          if (refusal) throw new Refused(refusal);
          const { id, shopId, name, market } = warehouse;
          audit(tx, {
            action: 'logistics.warehouse-created',
            subject: { type: 'Warehouse', id },
            shopId,
            after: { name, market },
          });
        });
        return accept(warehouse);
      } catch (error) {
        if (error instanceof Refused) return refuse(error.refusal);
        if (violatedIndex(error) === 'name_per_shop') return refuse('NAME_TAKEN');
        throw error;
      }
    },

    async insert({ session }, { id: _id, ...warehouse }) {
      const counted = await shops.updateOne(
        { _id: warehouse.shopId, warehouseCount: { $lt: MAX_WAREHOUSES } },
        { $inc: { warehouseCount: 1 } },
        { session },
      );
      if (counted.matchedCount === 0) return 'TOO_MANY_WAREHOUSES';
      await warehouses.insertMany([{ _id, ...warehouse }], { session });
      return null;
    },

    async openShop({ session }, shopId, first) {
      if (await shops.exists({ _id: shopId }).session(session)) return false;
      await shops.insertMany([{ _id: shopId, warehouseCount: first.length }], { session });
      await warehouses.insertMany(
        first.map(({ id: _id, ...warehouse }) => ({ _id, shopId, ...warehouse })),
        { session },
      );
      return true;
    },
  };
  return store;
}
