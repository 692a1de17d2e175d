import { type Connection, type Model, Schema } from 'mongoose';
import { addressSchema } from '../addresses/address.model.ts';
import { sourceSchema } from '../carts/cart.model.ts';
import { moneySchema, toMoney } from '../stored-money.ts';
import type { Order } from './order.ts';

/** An order as stored; `state` stands outside of `fulfilment` for the lists. */
export interface OrderRow extends Omit<Order, 'id'> {
  readonly _id: string;
  readonly state: Order['fulfilment']['state'];
}

const text = { type: String, required: true } as const;

const line = new Schema(
  {
    id: text,
    productId: text,
    variantId: text,
    sku: text,
    title: text,
    price: { type: moneySchema, required: true },
    source: { type: sourceSchema, default: null },
    state: { type: String, enum: ['PENDING', 'SHIPPED', 'DELIVERED'], required: true },
  },
  // The line has an `id` of its own, which Mongoose's virtual of that name would hide.
  { _id: false, id: false, strict: 'throw' },
);

export const shippingSchema = new Schema(
  { optionId: text, name: text, price: { type: moneySchema, required: true } },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<OrderRow>(
  {
    _id: text,
    number: text,
    checkoutId: text,
    buyerId: text,
    shopId: text,
    market: text,
    lines: { type: [line], required: true },
    shipping: { type: shippingSchema, required: true },
    total: { type: moneySchema, required: true },
    address: { type: addressSchema, required: true },
    payment: {
      type: new Schema({ provider: text, paymentId: text }, { _id: false, strict: 'throw' }),
      required: true,
    },
    placedAt: { type: Date, required: true },
    cancelAt: { type: Date, required: true },
    // A union of small records, written by `order.ts` alone.
    fulfilment: { type: Schema.Types.Mixed, required: true },
    state: text,
    version: { type: Number, required: true },
  },
  { collection: 'orders', versionKey: false, strict: 'throw', minimize: false },
);

// People read the number out; two orders must never share one.
schema.index({ number: 1 }, { unique: true });
// A buyer's own list, newest first; ids rise with time.
schema.index({ buyerId: 1, _id: -1 });
// A shop's list.
schema.index({ shopId: 1, _id: -1 });
// A line is found by its own id.
schema.index({ 'lines.id': 1 });

export const orderModel = (db: Connection): Model<OrderRow> =>
  (db.models['Order'] as Model<OrderRow> | undefined) ?? // registered below, with this schema
  db.model<OrderRow>('Order', schema);

export const toOrder = ({ _id: id, state: _, ...order }: OrderRow): Order => ({
  ...order,
  id,
  total: toMoney(order.total),
  shipping: { ...order.shipping, price: toMoney(order.shipping.price) },
  lines: order.lines.map((one) => ({ ...one, price: toMoney(one.price) })),
});

export const toOrderRow = ({ id, ...order }: Order): OrderRow => ({
  ...order,
  _id: id,
  state: order.fulfilment.state,
});
