import { invariant } from '@vitrine/kernel/outcome';
import { type Connection, type Model, Schema } from 'mongoose';
import type { Part } from '../stock/stock-level.ts';
import type { OrderStock, OrderUnit } from './order-stock.ts';
import type { Reservation, Shortage } from './reservation.ts';

/** A checkout's reservation as stored: the union of its states, flat. */
export interface ReservationRow {
  /** The checkout: it gets one answer, for ever. */
  readonly _id: string;
  readonly state: Reservation['state'];
  readonly reservationId: string | null;
  readonly parts: readonly Part[];
  readonly shortages: readonly Shortage[];
  readonly reason: 'ABANDONED' | 'EXPIRED' | null;
  /** What the checkout was promised; null where nothing was. */
  readonly expiresAt: Date | null;
  /** Null while units are held. */
  readonly endedAt: Date | null;
}

const part = new Schema<Part>(
  {
    variantId: { type: String, required: true },
    warehouseId: { type: String, required: true },
    quantity: { type: Number, required: true, min: 1 },
  },
  { _id: false, strict: 'throw' },
);

const shortage = new Schema<Shortage>(
  {
    variantId: { type: String, required: true },
    requested: { type: Number, required: true },
    available: { type: Number, required: true },
  },
  { _id: false, strict: 'throw' },
);

const reservations = new Schema<ReservationRow>(
  {
    _id: { type: String, required: true },
    state: { type: String, enum: ['HELD', 'REFUSED', 'CLAIMED', 'RELEASED'], required: true },
    reservationId: { type: String, default: null },
    parts: { type: [part], default: [] },
    shortages: { type: [shortage], default: [] },
    reason: { type: String, enum: ['ABANDONED', 'EXPIRED', null], default: null },
    expiresAt: { type: Date, default: null },
    endedAt: { type: Date, default: null },
  },
  { collection: 'reservations', versionKey: false, strict: 'throw' },
);
// Longer than a fact can be replayed, so that no old request can reserve again. Null is no date.
reservations.index({ endedAt: 1 }, { expireAfterSeconds: 90 * 86_400 });

/** What an order took, as stored. */
export interface OrderStockRow extends OrderStock {
  /** The order. */
  readonly _id: string;
  readonly checkoutId: string;
}

const unit = new Schema<OrderUnit>(
  {
    orderLineId: { type: String, required: true },
    variantId: { type: String, required: true },
    warehouseId: { type: String, default: null },
  },
  { _id: false, strict: 'throw' },
);

const orderStock = new Schema<OrderStockRow>(
  {
    _id: { type: String, required: true },
    checkoutId: { type: String, required: true },
    state: { type: String, enum: ['TAKEN', 'CANCELLED'], required: true },
    units: { type: [unit], default: [] },
    shortages: { type: [shortage], default: [] },
  },
  { collection: 'order_stock', versionKey: false, strict: 'throw' },
);

const named = <Row>(db: Connection, name: string, schema: Schema<Row>): Model<Row> =>
  (db.models[name] as Model<Row> | undefined) ?? // registered by us, with this very schema
  db.model<Row>(name, schema);

export const reservationModels = (db: Connection) => ({
  reservations: named(db, 'Reservation', reservations),
  orderStock: named(db, 'OrderStock', orderStock),
});

export function toReservation(row: ReservationRow): Reservation {
  const { state, reservationId, parts, shortages, reason } = row;
  switch (state) {
    case 'HELD':
      invariant(reservationId !== null, 'what is held has an id');
      return { state, reservationId, parts };
    case 'CLAIMED':
      invariant(reservationId !== null, 'what was held has an id');
      return { state, reservationId };
    case 'REFUSED':
      return { state, shortages };
    case 'RELEASED':
      invariant(reason !== null, 'what was let go has a reason');
      return { state, reason };
  }
}

export const toOrderStock = ({ _id, checkoutId, ...order }: OrderStockRow): OrderStock => order;
