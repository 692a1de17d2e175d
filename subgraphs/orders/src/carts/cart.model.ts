import { type Connection, type Model, Schema } from 'mongoose';
import type { Cart, CartLine } from './cart.ts';

/** A cart as stored. */
export interface CartRow extends Omit<Cart, 'id'> {
  readonly _id: string;
  /** When a guest's cart is of no use any more; null for a buyer's, which is kept. */
  readonly expiresAt: Date | null;
}

export const sourceSchema = new Schema(
  {
    kind: { type: String, enum: ['LIVE_ROOM', 'VIDEO'], required: true },
    id: { type: String, required: true },
  },
  // The source has an `id` of its own, which Mongoose's virtual of that name would hide.
  { _id: false, id: false, strict: 'throw' },
);

const line = new Schema<CartLine>(
  {
    variantId: { type: String, required: true },
    productId: { type: String, required: true },
    shopId: { type: String, required: true },
    title: { type: String, required: true },
    quantity: { type: Number, required: true },
    source: { type: sourceSchema, default: null },
  },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<CartRow>(
  {
    _id: { type: String, required: true },
    buyerId: { type: String, required: true },
    market: { type: String, required: true },
    lines: { type: [line], required: true },
    version: { type: Number, required: true },
    expiresAt: { type: Date, default: null },
  },
  { collection: 'carts', versionKey: false, strict: 'throw' },
);

// A buyer has one cart, also when two calls make the first one at once.
schema.index({ buyerId: 1 }, { unique: true });
// Carts of guests who did not come back.
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const cartModel = (db: Connection): Model<CartRow> =>
  (db.models['Cart'] as Model<CartRow> | undefined) ?? // registered below, with this schema
  db.model<CartRow>('Cart', schema);

export const toCart = ({ _id: id, expiresAt: _expiresAt, ...cart }: CartRow): Cart => ({
  id,
  ...cart,
});
