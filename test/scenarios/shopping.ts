import { randomUUID } from 'node:crypto';
import type { DemoProduct, DemoVariant } from '@vitrine/demo/world/products';
import type { Data, GraphClient } from '@vitrine/graph-client/graph-client';
import type { TestPlatform } from '../platform.ts';

const errors = 'userErrors { __typename ... on UserError { code retryable } }';

const SET_STOCK = `mutation ($input: SetStockInput!) {
  setStock(input: $input) { stockLevel { available } ${errors} }
}`;
const ADD_TO_CART = `mutation ($input: AddToCartInput!) {
  addToCart(input: $input) {
    cart { id shops { shop { id } shippingOptions { id } } }
    ${errors}
  }
}`;
const CART = `{ viewer { cart { id lines { variant { id } } } } }`;
const REMOVE = `mutation ($input: RemoveCartLineInput!) { removeCartLine(input: $input) { cart { id } } }`;
const CHECKOUT = `query ($shipping: [ShippingChoiceInput!]!) {
  viewer { cart { id total(shipping: $shipping) { amount currencyCode } } addresses { id market } paymentMethods { id } }
}`;
const ADD_ADDRESS = `mutation ($input: AddAddressInput!) {
  addAddress(input: $input) { address { id } ${errors} }
}`;
const PLACE_ORDER = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    checkout { id state }
    orders { id state lines { id } total { amount } }
    replayed
    ${errors}
  }
}`;
const STOCK = `query ($id: ID!, $market: MarketCode!) {
  product(id: $id) { variants { id availableQuantity(market: $market) } }
}`;

/** A product of the demo that is on sale in a market, and one of its variants. */
export function somethingOnSale(
  { world }: TestPlatform,
  market = 'GB',
): { readonly product: DemoProduct; readonly variant: DemoVariant } {
  const product = world.products.find((candidate) => candidate.market === market);
  const variant = product?.variants[0];
  if (!product || !variant) throw new Error(`the demo sells nothing in ${market}`);
  return { product, variant };
}

/** Sets what is on hand, as the owner of the shop does. */
export async function setStock(
  test: TestPlatform,
  { product, variant }: ReturnType<typeof somethingOnSale>,
  onHand: number,
): Promise<void> {
  const shop = test.world.shops.find(({ shopId }) => shopId === product.shopId);
  if (!shop) throw new Error('every product has a shop');
  const owner = await test.as(shop.ownerUserId, {
    memberships: [{ shopId: shop.shopId, role: 'OWNER' }],
  });
  const { setStock: payload } = await owner.run(SET_STOCK, {
    input: {
      warehouseId: shop.warehouseId,
      variantId: variant.variantId,
      onHand,
      idempotencyKey: randomUUID(),
    },
  });
  if (payload.userErrors.length > 0) throw new Error(JSON.stringify(payload.userErrors));
}

/** Units that can be ordered, as the public graph tells. */
export async function availableOf(
  test: TestPlatform,
  { product, variant }: ReturnType<typeof somethingOnSale>,
): Promise<number> {
  const { product: page } = await test.guest().run(STOCK, {
    id: product.productId,
    market: product.market,
  });
  return page.variants.find(({ id }: Data) => id === variant.variantId).availableQuantity;
}

/** Takes out of the cart what an earlier journey left there. */
async function emptyCart(client: GraphClient): Promise<void> {
  const { viewer } = await client.run(CART);
  for (const { variant } of viewer.cart?.lines ?? []) {
    await client.run(REMOVE, { input: { cartId: viewer.cart.id, variantId: variant.id } });
  }
}

/** Fills a buyer's cart with this and nothing else, and answers the input of `placeOrder` for it. */
export async function readyToBuy(
  client: GraphClient,
  { product, variant }: ReturnType<typeof somethingOnSale>,
  options: { readonly quantity?: number; readonly roomId?: string; readonly payWith?: string } = {},
): Promise<Data> {
  await emptyCart(client);
  const { addToCart } = await client.run(ADD_TO_CART, {
    input: {
      variantId: variant.variantId,
      quantity: options.quantity ?? 1,
      market: product.market,
      ...(options.roomId ? { source: { kind: 'LIVE_ROOM', id: options.roomId } } : {}),
    },
  });
  if (!addToCart.cart) throw new Error(JSON.stringify(addToCart.userErrors));
  const shipping = addToCart.cart.shops.map(({ shop, shippingOptions }: Data) => ({
    shopId: shop.id,
    optionId: shippingOptions[0].id,
  }));
  const { viewer } = await client.run(CHECKOUT, { shipping });
  return {
    idempotencyKey: randomUUID(),
    cartId: viewer.cart.id,
    expectedTotal: viewer.cart.total,
    shippingAddressId:
      viewer.addresses.find(({ market }: Data) => market === product.market)?.id ??
      (await addAddress(client, product.market)),
    shipping,
    paymentMethodId: options.payWith ?? viewer.paymentMethods[0].id,
  };
}

async function addAddress(client: GraphClient, market: string): Promise<string> {
  const { addAddress: payload } = await client.run(ADD_ADDRESS, {
    input: {
      recipient: 'A Traveller',
      phone: '+441632960961',
      line1: '1 High Street',
      city: 'Town',
      market,
    },
  });
  if (!payload.address) throw new Error(JSON.stringify(payload.userErrors));
  return payload.address.id;
}

export const placeOrder = async (client: GraphClient, input: Data): Promise<Data> =>
  (await client.run(PLACE_ORDER, { input })).placeOrder;

/**
 * Sends `placeOrder` with the same key until it has an outcome, as a client does that loses the
 * connection or is told to wait.
 */
export async function placeOrderUntilDone(client: GraphClient, input: Data): Promise<Data> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const payload = await placeOrder(client, input).catch((error: unknown) => ({
      lost: String(error),
    }));
    const waits =
      'lost' in payload ||
      payload['checkout']?.state === 'PROCESSING' ||
      payload['userErrors'].some(
        ({ code }: Data) => code === 'IN_PROGRESS' || code === 'CHECKOUT_IN_PROGRESS',
      );
    if (!waits) return payload;
    if (Date.now() > deadline) throw new Error(`no outcome: ${JSON.stringify(payload)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
