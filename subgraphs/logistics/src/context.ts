import { accept, refuse } from '@vitrine/kernel/outcome';
import { areApart, marketOf } from '@vitrine/markets/market';
import { shippingOptionsOf } from '@vitrine/markets/shipping';
import { idempotently } from '@vitrine/platform/idempotency';
import type { Services } from '@vitrine/platform/services';
import type { RequestScope } from '@vitrine/platform/subgraph';
import type { Viewer } from '@vitrine/platform/viewer';
import { type PackageLoaders, packageLoaders } from './packages/package.loaders.ts';
import { type PackageStore, packageStore } from './packages/package.store.ts';
import { type RecordTrackingEvent, recordTrackingEvent } from './packages/record-tracking-event.ts';
import { type OncePerKey, type ShipPackage, shipPackage } from './packages/ship-package.ts';
import { type QuoteShipping, quoteShipping } from './shipping/quote-shipping.ts';
import { type ChangeStock, changeStock } from './stock/change-stock.ts';
import { type StockLoaders, stockLoaders } from './stock/stock.loaders.ts';
import { stockStore } from './stock/stock.store.ts';
import { type VariantLoaders, variantLoaders } from './variants/variant.loaders.ts';
import { variantStore } from './variants/variant.store.ts';
import { type CreateWarehouse, createWarehouse } from './warehouses/create-warehouse.ts';
import { homeMarkets } from './warehouses/home-market.store.ts';
import { type WarehouseLoaders, warehouseLoaders } from './warehouses/warehouse.loaders.ts';
import { type WarehouseStore, warehouseStore } from './warehouses/warehouse.store.ts';

/** What a resolver of logistics receives. */
export interface Context {
  readonly viewer: Viewer | null;
  readonly loaders: WarehouseLoaders & VariantLoaders & StockLoaders & PackageLoaders;
  readonly warehouses: Pick<WarehouseStore, 'pageOfShop'>;
  readonly packages: Pick<PackageStore, 'pageOfShop'>;
  readonly createWarehouse: CreateWarehouse;
  readonly changeStock: ChangeStock;
  readonly shipPackage: ShipPackage;
  readonly recordTrackingEvent: RecordTrackingEvent;
  readonly quoteShipping: QuoteShipping;
}

/** Opens stores and use cases once per process. */
export function openContext(services: Services): (request: RequestScope) => Context {
  const { clock, newId } = services;
  const warehouses = warehouseStore(services);
  const variants = variantStore(services);
  const stock = stockStore(services);
  const packages = packageStore(services);
  const homesOf = homeMarkets(services);
  const isMarket = (code: string) => marketOf(code) !== null;

  const once: OncePerKey = async (call, work) => {
    const outcome = await idempotently(services, call, work);
    if (outcome.ok) return accept({ isReplayed: outcome.value.isReplayed });
    return typeof outcome.refusal === 'string'
      ? refuse({ kind: 'IDEMPOTENCY', code: outcome.refusal })
      : refuse(outcome.refusal);
  };

  const useCases = {
    createWarehouse: createWarehouse(warehouses, {
      newId,
      isMarket,
      areApart,
      homeOf: async (shopId) => (await homesOf([shopId])).get(shopId) ?? null,
    }),
    changeStock: changeStock(stock, {
      findWarehouse: async (id) => (await warehouses.findMany([id]))[0] ?? null,
      findVariant: async (id) => (await variants.findMany([id]))[0] ?? null,
    }),
    shipPackage: shipPackage(packages, { once, clock }),
    recordTrackingEvent: recordTrackingEvent(packages, { once, clock }),
    quoteShipping: quoteShipping({
      isMarket,
      areApart,
      homesOf,
      findVariants: variants.findMany,
      offersOf: (parcel) => shippingOptionsOf({ ...parcel, at: clock() }),
    }),
  };

  return ({ viewer }) => ({
    viewer,
    warehouses,
    packages,
    loaders: {
      ...warehouseLoaders(warehouses),
      ...variantLoaders(variants),
      ...stockLoaders(stock),
      ...packageLoaders(packages),
    },
    ...useCases,
  });
}
