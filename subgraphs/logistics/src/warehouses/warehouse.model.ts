import { type Connection, type Model, Schema } from 'mongoose';
import type { Warehouse, WarehouseAddress } from './warehouse.ts';

/** A warehouse as stored. */
export interface WarehouseRow extends Omit<Warehouse, 'id'> {
  readonly _id: string;
}

const address = new Schema<WarehouseAddress>(
  {
    line1: { type: String, required: true },
    line2: { type: String, default: null },
    city: { type: String, required: true },
    region: { type: String, default: null },
    postalCode: { type: String, required: true },
  },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<WarehouseRow>(
  {
    _id: { type: String, required: true },
    shopId: { type: String, required: true },
    name: { type: String, required: true },
    market: { type: String, required: true },
    kind: { type: String, enum: ['SELLER', 'THIRD_PARTY', 'PLATFORM'], required: true },
    address: { type: address, default: null },
    isDefault: { type: Boolean, required: true },
  },
  { collection: 'warehouses', versionKey: false, strict: 'throw' },
);
// A shop's list, the oldest first: ids rise with time.
schema.index({ shopId: 1, _id: 1 });
// Names are unique within a shop.
schema.index({ shopId: 1, name: 1 }, { unique: true, name: 'name_per_shop' });

export const warehouseModel = (db: Connection): Model<WarehouseRow> =>
  (db.models['Warehouse'] as Model<WarehouseRow> | undefined) ?? // registered below, with this schema
  db.model<WarehouseRow>('Warehouse', schema);

export const toWarehouse = ({ _id: id, ...warehouse }: WarehouseRow): Warehouse => ({
  id,
  ...warehouse,
});

/** An open shop as stored. */
export interface ShopRow {
  readonly _id: string;
  /** Raised before a warehouse is added, so that two callers cannot pass the limit together. */
  readonly warehouseCount: number;
}

const shops = new Schema<ShopRow>(
  {
    _id: { type: String, required: true },
    warehouseCount: { type: Number, required: true },
  },
  { collection: 'shops', versionKey: false, strict: 'throw' },
);

export const shopModel = (db: Connection): Model<ShopRow> =>
  (db.models['Shop'] as Model<ShopRow> | undefined) ?? // registered below, with this schema
  db.model<ShopRow>('Shop', shops);
