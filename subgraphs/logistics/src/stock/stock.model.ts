import { type Connection, type Model, Schema } from 'mongoose';
import type { StockLevel } from './stock-level.ts';

/** A level as stored. */
export interface StockLevelRow extends StockLevel {
  /** `<variant>/<warehouse>`. */
  readonly _id: string;
  readonly productId: string;
}

const count = { type: Number, required: true, min: 0 } as const;

const levels = new Schema<StockLevelRow>(
  {
    _id: { type: String, required: true },
    variantId: { type: String, required: true },
    warehouseId: { type: String, required: true },
    productId: { type: String, required: true },
    shopId: { type: String, required: true },
    market: { type: String, required: true },
    onHand: count,
    reserved: count,
    available: count,
    version: count,
    updatedAt: { type: Date, required: true },
  },
  { collection: 'stock_levels', versionKey: false, strict: 'throw' },
);
// What a checkout can take from: the levels of its variants in its market. Also all of a variant's.
levels.index({ variantId: 1, market: 1 });

/** In how many warehouses a variant has units to order; news goes out when it leaves or reaches none. */
export interface AvailabilityRow {
  /** The variant. */
  readonly _id: string;
  readonly stockedWarehouses: number;
  readonly version: number;
}

const availabilities = new Schema<AvailabilityRow>(
  {
    _id: { type: String, required: true },
    stockedWarehouses: { type: Number, required: true },
    version: { type: Number, required: true },
  },
  { collection: 'availabilities', versionKey: false, strict: 'throw' },
);

/** What staff did to a level: the audit trail, and the memory of idempotency keys. */
export interface StockChangeRow {
  /** `<mutation>/<person>/<idempotency key>`. */
  readonly _id: string;
  readonly variantId: string;
  readonly warehouseId: string;
  /** The count or the difference that was asked for, as JSON: what a repeated key is compared by. */
  readonly asked: string;
  readonly delta: number;
  readonly userId: string;
  readonly at: Date;
}

const changes = new Schema<StockChangeRow>(
  {
    _id: { type: String, required: true },
    variantId: { type: String, required: true },
    warehouseId: { type: String, required: true },
    asked: { type: String, required: true },
    delta: { type: Number, required: true },
    userId: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'stock_changes', versionKey: false, strict: 'throw' },
);
// Two years, after which no question about a count can be answered any more.
changes.index({ at: 1 }, { expireAfterSeconds: 2 * 365 * 86_400 });

const named = <Row>(db: Connection, name: string, schema: Schema<Row>): Model<Row> =>
  (db.models[name] as Model<Row> | undefined) ?? // registered by us, with this very schema
  db.model<Row>(name, schema);

export const stockModels = (db: Connection) => ({
  levels: named(db, 'StockLevel', levels),
  availabilities: named(db, 'Availability', availabilities),
  changes: named(db, 'StockChange', changes),
});

export const toStockLevel = ({ _id, productId, ...level }: StockLevelRow): StockLevel => level;
