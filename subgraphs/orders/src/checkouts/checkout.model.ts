import { type Connection, type Model, Schema } from 'mongoose';
import { addressSchema } from '../addresses/address.model.ts';
import { sourceSchema } from '../carts/cart.model.ts';
import { shippingSchema } from '../orders/order.model.ts';
import { moneySchema, toMoney } from '../stored-money.ts';
import { type Checkout, isOpen, isRefused, type PlannedOrder } from './checkout.ts';

/** A checkout as stored. The flags are what its progress means to the unique indexes. */
export interface CheckoutRow extends Omit<Checkout, 'id'> {
  readonly _id: string;
  readonly isOpen: boolean;
  readonly holdsKey: boolean;
}

const text = { type: String, required: true } as const;
const amount = { type: moneySchema, required: true } as const;

const line = new Schema(
  {
    variantId: text,
    productId: text,
    sku: text,
    title: text,
    unitPrice: amount,
    source: { type: sourceSchema, default: null },
    orderLineIds: { type: [String], required: true },
  },
  { _id: false, strict: 'throw' },
);

const planned = new Schema<PlannedOrder>(
  {
    orderId: text,
    shopId: text,
    lines: { type: [line], required: true },
    shipping: { type: shippingSchema, required: true },
    total: amount,
  },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<CheckoutRow>(
  {
    _id: text,
    buyerId: text,
    cartId: text,
    market: text,
    idempotencyKey: text,
    request: text,
    total: amount,
    orders: { type: [planned], required: true },
    address: { type: addressSchema, required: true },
    payment: {
      type: new Schema({ provider: text, methodId: text }, { _id: false, strict: 'throw' }),
      required: true,
    },
    startedAt: { type: Date, required: true },
    // A union of small records, written by `checkout.ts` alone.
    progress: { type: Schema.Types.Mixed, required: true },
    isOpen: { type: Boolean, required: true },
    holdsKey: { type: Boolean, required: true },
    version: { type: Number, required: true },
  },
  { collection: 'checkouts', versionKey: false, strict: 'throw', minimize: false },
);

export const ONE_OPEN_PER_CART = 'one_open_per_cart';
export const ONE_PER_KEY = 'one_per_key';

// Two checkouts at once would order the same cart twice.
schema.index(
  { cartId: 1 },
  { name: ONE_OPEN_PER_CART, unique: true, partialFilterExpression: { isOpen: true } },
);
// A key whose first caller died finds its checkout; a refused one frees the key.
schema.index(
  { buyerId: 1, idempotencyKey: 1 },
  { name: ONE_PER_KEY, unique: true, partialFilterExpression: { holdsKey: true } },
);

export const checkoutModel = (db: Connection): Model<CheckoutRow> =>
  (db.models['Checkout'] as Model<CheckoutRow> | undefined) ?? // registered below, with this schema
  db.model<CheckoutRow>('Checkout', schema);

export const toCheckout = ({
  _id: id,
  isOpen: _open,
  holdsKey: _key,
  ...row
}: CheckoutRow): Checkout => ({
  ...row,
  id,
  total: toMoney(row.total),
  orders: row.orders.map((order) => ({
    ...order,
    total: toMoney(order.total),
    shipping: { ...order.shipping, price: toMoney(order.shipping.price) },
    lines: order.lines.map((one) => ({ ...one, unitPrice: toMoney(one.unitPrice) })),
  })),
});

export const flagsOf = ({ progress }: Checkout) => ({
  isOpen: isOpen(progress),
  holdsKey: !isRefused(progress),
});

export const toCheckoutRow = (checkout: Checkout): CheckoutRow => {
  const { id, ...row } = checkout;
  return { ...row, _id: id, ...flagsOf(checkout) };
};
