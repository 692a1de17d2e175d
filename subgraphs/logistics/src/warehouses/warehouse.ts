import type { Outcome } from '@vitrine/kernel/outcome';

export type WarehouseKind = 'SELLER' | 'THIRD_PARTY' | 'PLATFORM';

export interface WarehouseAddress {
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string;
}

/** A place where stock of one shop lies, for the orders of one market. */
export interface Warehouse {
  readonly id: string;
  readonly shopId: string;
  readonly name: string;
  readonly market: string;
  readonly kind: WarehouseKind;
  readonly address: WarehouseAddress | null;
  /** Made when the shop opened; each shop has one. */
  readonly isDefault: boolean;
}

/** What every shop starts with. */
export const mainWarehouse = (id: string, market: string): Omit<Warehouse, 'shopId'> => ({
  id,
  name: 'Main warehouse',
  market,
  kind: 'SELLER',
  address: null,
  isDefault: true,
});

/** A list of stock levels of one variant is bounded by this. */
export const MAX_WAREHOUSES = 100;

export type WarehouseRefusal = 'NAME_TAKEN' | 'TOO_MANY_WAREHOUSES';

/** Where warehouses are kept. Implemented over MongoDB in `warehouse.store.ts`. */
export interface Warehouses {
  knowsShop(shopId: string): Promise<boolean>;
  /** Keeps names unique within a shop and their number limited, whoever else adds one. */
  add(warehouse: Warehouse): Promise<Outcome<Warehouse, WarehouseRefusal>>;
}
