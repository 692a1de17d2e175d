import { listingChanged } from '@vitrine/events/catalog';
import { stockRefused, stockReserved } from '@vitrine/events/logistics';
import { stockRequested } from '@vitrine/events/orders';
import { MINUTE, plus } from '@vitrine/kernel/clock';
import type { Closable } from '@vitrine/platform/shutdown';
import type { Timers } from '@vitrine/platform/timers';
import type { Viewer } from '@vitrine/platform/viewer';
import type { TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { expect } from 'vitest';
import { type SandboxPaymentRow, sandboxPaymentModel } from '../src/payments/sandbox.model.ts';

/** What a variant is to orders; markets and prices as the catalog would tell them. */
export interface Sold {
  readonly variantId: string;
  readonly productId?: string;
  readonly shopId?: string;
  readonly minor?: string;
  readonly market?: string;
  readonly currencyCode?: string;
  readonly isActive?: boolean;
  readonly version?: number;
}

export const aBuyer = (name = 'anna'): Viewer => aViewer({ userId: `usr_${name}` });

/** Has the catalog sell variants, one product each. Needs `work`. */
export async function sell(subgraph: TestSubgraph, variants: readonly Sold[]): Promise<void> {
  for (const { variantId, version = 1, isActive = true, ...sold } of variants) {
    const { productId = `prd_${variantId}`, shopId = 'shp_1', market = 'DE' } = sold;
    await subgraph.deliver('orders.offers', listingChanged, {
      aggregateId: productId,
      aggregateVersion: version,
      payload: {
        productId,
        shopId,
        isActive,
        titles: { de: `Ding ${variantId}`, en: `Thing ${variantId}` },
        defaultLanguage: 'en',
        imageUrl: null,
        category: 'things',
        variants: [
          {
            variantId,
            sku: `SKU-${variantId}`,
            attributes: {},
            weightGrams: 400,
            prices: [
              {
                market,
                price: { minor: sold.minor ?? '1990', currencyCode: sold.currencyCode ?? 'EUR' },
              },
            ],
          },
        ],
      },
    });
  }
  await subgraph.quiet();
}

const errors = 'userErrors { __typename ... on UserError { code path retryable } }';
const cartFields = `id market version quantity subtotal { amount currencyCode } total { amount currencyCode }
  lines { variant { id } quantity title isAvailable unitPrice { amount } total { amount } }
  shops { shop { id } subtotal { amount } weightGrams shippingOptions { id price { amount } } }`;

export const documents = {
  cart: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Viewer { cart { ${cartFields} } } } }`,
  addToCart: `mutation ($input: AddToCartInput!) { addToCart(input: $input) { cart { ${cartFields} } ${errors} } }`,
  changeCartLine: `mutation ($input: ChangeCartLineInput!) { changeCartLine(input: $input) { cart { ${cartFields} } ${errors} } }`,
  removeCartLine: `mutation ($input: RemoveCartLineInput!) { removeCartLine(input: $input) { cart { ${cartFields} } ${errors} } }`,
  addAddress: `mutation ($input: AddAddressInput!) { addAddress(input: $input) { address { id market } ${errors} } }`,
  placeOrder: `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { replayed
    checkout { id state step refusal total { amount } }
    orders { id number state paymentState total { amount currencyCode } shop { id }
      lines { id sku title price { amount } variant { id } } breakdown { kind amount { amount } }
      deadline { at action } }
    userErrors { __typename ... on UserError { code path retryable }
      ... on PriceMovedError { currentTotal { amount currencyCode } }
      ... on InsufficientStockError { variant { id } availableQuantity }
      ... on CheckoutInProgressError { checkout { id } } } } }`,
  checkout: `query ($id: ID!) { checkout(id: $id) { id state step refusal orders { id } } }`,
  order: `query ($id: ID!) { order(id: $id) { id state paymentState version deadline { at action }
    cancellation { reason by refundedAt refund { amount } } lines { id state } } }`,
  cancelOrder: `mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { replayed
    order { id state paymentState cancellation { by reason } } ${errors} } }`,
};

/** The data of an operation that must not fail as a whole. */
export async function run(
  subgraph: TestSubgraph,
  document: keyof typeof documents,
  variables: Record<string, unknown>,
  viewer: Viewer | null,
) {
  const { data, errors: failures } = await subgraph.execute(documents[document], variables, viewer);
  if (failures) throw new Error(failures.map(({ message }) => message).join());
  return data?.[document];
}

export async function addressFor(subgraph: TestSubgraph, buyer: Viewer, market = 'DE') {
  const input = {
    recipient: 'Anna Berg',
    phone: '+49 30 123456',
    line1: 'Torstraße 1',
    city: 'Berlin',
    postalCode: '10119',
    market,
  };
  const { address } = await run(subgraph, 'addAddress', { input }, buyer);
  return String(address.id);
}

/** Puts one unit, or as many as said, of each variant into the buyer's cart and answers the cart. */
export async function fill(
  subgraph: TestSubgraph,
  buyer: Viewer,
  variantIds: readonly string[],
  quantity = 1,
) {
  let cart = null;
  for (const variantId of variantIds) {
    const input = { variantId, quantity, market: 'DE' };
    const answer = await run(subgraph, 'addToCart', { input }, buyer);
    expect(answer.userErrors).toEqual([]);
    cart = answer.cart;
  }
  return cart;
}

/** A cart that can be ordered, and the input that orders it. */
export async function readyToOrder(
  subgraph: TestSubgraph,
  buyer: Viewer,
  variantIds: readonly string[],
  quantity = 1,
) {
  const cart = await fill(subgraph, buyer, variantIds, quantity);
  return {
    idempotencyKey: `key-${buyer.userId}`,
    cartId: cart.id,
    expectedTotal: cart.total,
    shippingAddressId: await addressFor(subgraph, buyer),
    shipping: cart.shops.map(
      (one: { shop: { id: string }; shippingOptions: { id: string }[] }) => ({
        shopId: one.shop.id,
        optionId: one.shippingOptions[0]?.id,
      }),
    ),
    paymentMethodId: 'pm_sandbox_ok',
  };
}

/** The last checkout that asked for stock, once there have been so many. */
export async function requested(subgraph: TestSubgraph, times = 1) {
  await expect
    .poll(async () => (await subgraph.emitted(stockRequested)).length, { timeout: 5_000 })
    .toBe(times);
  const all = await subgraph.emitted(stockRequested);
  const last = all.at(-1);
  if (!last) throw new Error('nothing was requested');
  return last;
}

export const reserve = (subgraph: TestSubgraph, checkoutId: string, id?: string) =>
  subgraph.deliver('orders.checkouts', stockReserved, {
    ...(id === undefined ? {} : { id }),
    aggregateId: checkoutId,
    aggregateVersion: 1,
    payload: {
      checkoutId,
      reservationId: `rsv_${checkoutId}`,
      expiresAt: plus(subgraph.clock.now(), 15 * MINUTE).toISOString(),
    },
  });

export const refuseStock = (subgraph: TestSubgraph, checkoutId: string, variantId: string) =>
  subgraph.deliver('orders.checkouts', stockRefused, {
    aggregateId: checkoutId,
    aggregateVersion: 1,
    payload: { checkoutId, shortages: [{ variantId, requested: 1, available: 0 }] },
  });

/** Orders, and answers for logistics that the stock is there. */
export async function order(subgraph: TestSubgraph, buyer: Viewer, input: object, times = 1) {
  const placing = run(subgraph, 'placeOrder', { input }, buyer);
  const { checkoutId } = await requested(subgraph, times);
  await reserve(subgraph, checkoutId);
  return placing;
}

/** Moves the clock and fires what became due. */
export async function pass(subgraph: TestSubgraph, work: readonly Closable[], ms: number) {
  subgraph.clock.advance(ms);
  const timers = work.find((one): one is Timers => 'sweep' in one);
  if (!timers) throw new Error('no timers are at work');
  await timers.sweep();
  await subgraph.quiet();
}

/** The sandbox's books: one row per payment that was ever asked for. */
export const payments = (subgraph: TestSubgraph) =>
  sandboxPaymentModel(subgraph.services.db).find().lean<SandboxPaymentRow[]>();
