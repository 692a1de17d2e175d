import { randomUUID } from 'node:crypto';
import type { Data } from '@vitrine/graph-client/graph-client';
import type { DemoSession } from '../sign-in.ts';
import type { Watching } from './eventually.ts';
import type { Bought } from './in-the-room.ts';
import { MARKET } from './market.ts';
import * as operations from './operations.ts';
import type { Story } from './story.ts';

const codesOf = (userErrors: readonly Data[]): string =>
  userErrors.map(({ code, message }) => `${code}: ${message}`).join('; ');

export async function buy(
  story: Story,
  buyer: DemoSession,
  roomId: string,
  bought: Bought,
): Promise<Data> {
  story.step('The viewer buys it');
  await emptyCart(buyer);
  const { addToCart } = await buyer.client.run(operations.ADD_TO_CART, {
    input: {
      variantId: bought.variantId,
      quantity: 1,
      market: MARKET,
      source: { kind: 'LIVE_ROOM', id: roomId },
    },
  });
  story.sent(`addToCart 1 × “${bought.title}”, seen in this room`);
  story.promise('it is in the cart', addToCart.cart?.quantity === 1, addToCart);
  const shipping = addToCart.cart.shops.map(({ shop, shippingOptions }: Data) => ({
    shopId: shop.id,
    optionId: shippingOptions[0].id,
  }));
  const { viewer } = await buyer.client.run(operations.CHECKOUT_PAGE, { shipping });
  const input = {
    idempotencyKey: randomUUID(),
    cartId: viewer.cart.id,
    expectedTotal: viewer.cart.total,
    shippingAddressId: viewer.addresses[0].id,
    shipping,
    paymentMethodId: viewer.paymentMethods[0].id,
  };
  const { amount, currencyCode } = viewer.cart.total;
  story.sent(
    `placeOrder for ${amount} ${currencyCode}, paid with ${viewer.paymentMethods[0].label}`,
  );
  const start = performance.now();
  const { placeOrder } = await buyer.client.run(operations.PLACE_ORDER, { input });
  const ms = Math.round(performance.now() - start);
  story.promise(
    'price, stock, payment and order hold together: one order',
    placeOrder.orders.length === 1 && placeOrder.userErrors.length === 0,
    codesOf(placeOrder.userErrors),
  );
  const [order] = placeOrder.orders;
  story.got(`order ${order.number} of ${order.shop?.name}, ${order.state}, after ${ms} ms`);

  story.sent('placeOrder once more with the same key, as a client that lost the answer');
  const again = (await buyer.client.run(operations.PLACE_ORDER, { input })).placeOrder;
  story.promise(
    'the same order comes back, and nothing is bought twice',
    again.replayed && again.orders.length === 1 && again.orders[0].id === order.id,
    again,
  );
  const page = await buyer.client.run(operations.ORDER_PAGE, { id: order.id });
  story.promise('the order has its page', page.order?.number === order.number, page);
  return order;
}

async function emptyCart(buyer: DemoSession): Promise<void> {
  const { viewer } = await buyer.client.run(operations.CART);
  for (const { variant } of viewer.cart?.lines ?? []) {
    await buyer.client.run(operations.CLEAR_LINE, {
      input: { cartId: viewer.cart.id, variantId: variant.id },
    });
  }
}

export async function everybodySees(
  story: Story,
  order: Data,
  audience: readonly Watching[],
): Promise<void> {
  story.step('Everybody in the room sees the sale');
  const [line] = order['lines'];
  const isIt = (event: Data) =>
    event['__typename'] === 'ProductSold' && event['title'] === line.title;
  const seen = await Promise.all(audience.map((watching) => watching.until(isIt)));
  story.promise('ProductSold reaches the viewer and the guest', seen.every(Boolean), seen);
  story.got(`${seen[0]?.['buyerName']} bought ${seen[0]?.['quantity']} × “${line.title}”`);
}

export const stockOf = async (
  session: DemoSession,
  productId: string,
): Promise<ReadonlyMap<string, number>> => {
  const { product } = await session.client.run(operations.STOCK, { productId, market: MARKET });
  return new Map(
    product.variants.map(({ id, availableQuantity }: Data) => [id, availableQuantity]),
  );
};

export async function stockFalls(
  story: Story,
  buyer: DemoSession,
  { productId, variantId }: Bought,
  before: ReadonlyMap<string, number>,
): Promise<void> {
  story.step('The stock falls');
  const was = before.get(variantId) ?? 0;
  const is = (await stockOf(buyer, productId)).get(variantId) ?? 0;
  story.got(`${was} before, ${is} now`);
  // Others may be buying in this room, too; nobody's purchase may be missing.
  story.promise('by the unit that was sold', is <= was - 1, { was, is });
}
