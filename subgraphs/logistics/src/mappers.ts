import type { Connection } from '@vitrine/platform/pages';
import type { UserErrorValue } from '@vitrine/platform/user-errors';
import type { Package, PackageRefusal } from './packages/package.ts';
import type { StockLevel, StockRefusal } from './stock/stock-level.ts';
import type { Warehouse, WarehouseRefusal } from './warehouses/warehouse.ts';

/** Another subgraph's entity, as this one points at it. */
export interface EntityRef {
  readonly id: string;
}

export type OrderMapper = EntityRef;
export type OrderLineMapper = EntityRef;
export type ProductMapper = EntityRef;
export type ShopMapper = EntityRef;
export type VariantMapper = EntityRef;
export type { Money as MoneyMapper } from '@vitrine/kernel/money';
export type {
  Package as PackageMapper,
  PackageLine as PackageLineMapper,
  TrackingEvent as TrackingEventMapper,
} from './packages/package.ts';
export type {
  ShippingOffer as ShippingOptionMapper,
  ShopQuote as ShopShippingQuoteMapper,
} from './shipping/quote-shipping.ts';
export type { StockLevel as StockLevelMapper } from './stock/stock-level.ts';
export type {
  Warehouse as WarehouseMapper,
  WarehouseAddress as WarehouseAddressMapper,
} from './warehouses/warehouse.ts';
export type PackageConnectionMapper = Connection<Package>;
export type PackageEdgeMapper = PackageConnectionMapper['edges'][number];
export type WarehouseConnectionMapper = Connection<Warehouse>;
export type WarehouseEdgeMapper = WarehouseConnectionMapper['edges'][number];
export type InvalidInputErrorMapper = UserErrorValue<'InvalidInputError'>;
export type NotFoundErrorMapper = UserErrorValue<'NotFoundError'>;
export type IdempotencyErrorMapper = UserErrorValue<'IdempotencyError'>;
export interface PackageRefusedErrorMapper extends UserErrorValue<'PackageRefusedError'> {
  readonly refusal: PackageRefusal;
}
export interface StockRefusedErrorMapper extends UserErrorValue<'StockRefusedError'> {
  readonly refusal: StockRefusal;
}
export interface StockVersionConflictErrorMapper
  extends UserErrorValue<'StockVersionConflictError'> {
  readonly current: StockLevel | null;
}
export interface WarehouseRefusedErrorMapper extends UserErrorValue<'WarehouseRefusedError'> {
  readonly refusal: WarehouseRefusal;
}
