import { randomUUID } from 'node:crypto';
import { anybody, anyPerson, only, type Row } from '../row.ts';

export const buying: Readonly<Record<string, Row>> = {
  'Mutation.recordEvents': anybody({ input: () => ({ events: [] }) }),
  'Mutation.addAddress': anyPerson({
    scope: 'addresses:write',
    but: { impersonated: 'FORBIDDEN' },
    input: () => ({ recipient: '', phone: '', line1: '', city: '', market: 'GB' }),
  }),
  'Mutation.addToCart': anyPerson({
    scope: 'cart:write',
    but: { 'guest with a token': 'ALLOWED' },
    input: ({ ids }) => ({ variantId: ids.variant, quantity: 0, market: 'GB' }),
  }),
  'Mutation.changeCartLine': only(['buyer'], {
    scope: 'cart:write',
    names: 'cartId',
    blames: 'variantId',
    but: { 'guest with a token': 'NOT_FOUND' },
    input: ({ ids }) => ({ cartId: ids.cart, variantId: ids.variant, quantity: 2 }),
  }),
  'Mutation.removeCartLine': only(['buyer'], {
    scope: 'cart:write',
    names: 'cartId',
    blames: 'variantId',
    but: { 'guest with a token': 'NOT_FOUND' },
    prepare: ({ fillCart }) => fillCart(),
    input: ({ ids }) => ({ cartId: ids.cart, variantId: ids.variant }),
  }),
  'Mutation.placeOrder': only(['buyer'], {
    scope: 'orders:place',
    names: 'cartId',
    but: { impersonated: 'FORBIDDEN' },
    input: ({ ids }) => ({
      idempotencyKey: randomUUID(),
      cartId: ids.cart,
      expectedTotal: { amount: '0.01', currencyCode: 'GBP' },
      shippingAddressId: ids.address,
      shipping: [],
      paymentMethodId: 'nothing',
    }),
  }),
  'Mutation.cancelOrder': only(['buyer', 'owner', 'manager', 'agent'], {
    scope: 'orders:cancel',
    names: 'orderId',
    input: ({ ids }) => ({
      idempotencyKey: randomUUID(),
      orderId: ids.order,
      reason: 'CHANGED_MIND',
    }),
  }),
};
