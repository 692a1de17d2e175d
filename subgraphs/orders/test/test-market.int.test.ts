import { orderPlaced } from '@vitrine/events/orders';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { addressStore } from '../src/addresses/address.store.ts';
import { cartStore } from '../src/carts/cart.store.ts';
import { checkoutStore } from '../src/checkouts/checkout.store.ts';
import { placeOrder } from '../src/checkouts/place-order.ts';
import { orders } from '../src/index.ts';
import { offerStore } from '../src/offers/offer.store.ts';
import type { PaymentProvider } from '../src/payments/payment-provider.ts';
import { sandboxProvider } from '../src/payments/sandbox.provider.ts';
import { sellingRulesOf } from '../src/selling/selling-rules.data.ts';
import { aBuyer, addressFor, order, readyToOrder, run, sell } from './world.ts';

const test = subgraphTest(orders);
const anna = aBuyer();
const sample = { variantId: 'var_s', shopId: 'shp_t', market: 'ZZ', currencyCode: 'XTS' };

const LISTS = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Viewer {
  real: orders(first: 10) { nodes { id } }
  tests: orders(first: 10, isTest: true) { nodes { id } }
  paymentMethods { id isTest }
} } }`;

async function lists({ execute }: TestSubgraph) {
  const of = [{ __typename: 'Viewer', id: anna.userId }];
  const { data, errors } = await execute(LISTS, { of }, anna);
  if (errors?.[0]) throw errors[0];
  return data?.['_entities'][0];
}

async function readyInTestMarket(subgraph: TestSubgraph) {
  const input = { variantId: sample.variantId, quantity: 1, market: 'ZZ' };
  const { cart, userErrors } = await run(subgraph, 'addToCart', { input }, anna);
  if (userErrors.length > 0) throw new Error(JSON.stringify(userErrors));
  return {
    idempotencyKey: 'test-order',
    cartId: cart.id,
    expectedTotal: cart.total,
    shippingAddressId: await addressFor(subgraph, anna, 'ZZ'),
    shipping: [{ shopId: 'shp_t', optionId: 'standard-zz-zz' }],
    paymentMethodId: 'pm_sandbox_ok',
  };
}

test('anybody can order in the test market, and it shows only where it is asked for', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }, sample]);
  const real = await order(subgraph, anna, await readyToOrder(subgraph, anna, ['var_1']));
  await subgraph.quiet();
  const tried = await order(subgraph, anna, await readyInTestMarket(subgraph), 2);

  expect(tried).toMatchObject({
    userErrors: [],
    orders: [{ paymentState: 'PAID', total: { amount: '24.90', currencyCode: 'XTS' } }],
  });
  expect(await lists(subgraph)).toMatchObject({
    real: { nodes: [{ id: real.orders[0].id }] },
    tests: { nodes: [{ id: tried.orders[0].id }] },
    paymentMethods: [{ isTest: true }, { isTest: true }, { isTest: true }],
  });
  const placed = await subgraph.emitted(orderPlaced);
  expect(placed.map(({ market, total }) => [market, total.currencyCode])).toEqual([
    ['DE', 'EUR'],
    ['ZZ', 'XTS'],
  ]);
});

test('a cart holds test or real goods, never both', async ({ subgraph, expect }) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }, sample]);
  await readyInTestMarket(subgraph);
  const add = (variantId: string, market: string) =>
    run(subgraph, 'addToCart', { input: { variantId, quantity: 1, market } }, anna);

  expect((await add('var_1', 'DE')).userErrors).toMatchObject([{ code: 'CART_IN_OTHER_MARKET' }]);
  expect((await add('var_1', 'ZZ')).userErrors).toMatchObject([{ code: 'PRODUCT_UNAVAILABLE' }]);
});

test('real money is not taken in the test market, nor play money where there is real', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }, sample]);
  const { services } = subgraph;
  const sandbox = sandboxProvider(services);
  const bank: PaymentProvider = {
    ...sandbox,
    name: 'bank',
    isTest: false,
    methods: [{ id: 'pm_bank', label: 'Card', provider: 'bank' }],
  };
  const place = placeOrder({
    checkouts: checkoutStore(services),
    carts: cartStore(services.db),
    offers: offerStore(services.db),
    addresses: addressStore(services.db),
    providers: [bank, sandbox],
    rulesOf: sellingRulesOf,
    newId: services.newId,
    clock: services.clock,
    crash: () => {},
  });
  const totalOf = ({ amount, currencyCode }: { amount: string; currencyCode: string }) => ({
    minor: BigInt(amount.replace('.', '')),
    currencyCode,
  });
  const tried = await readyInTestMarket(subgraph);
  const pay = (input: typeof tried, paymentMethodId: string) =>
    place({
      ...input,
      buyerId: anna.userId,
      expectedTotal: totalOf(input.expectedTotal),
      paymentMethodId,
    });

  const refused = { ok: false, refusal: { kind: 'PAYMENT_METHOD_NOT_TAKEN' } };
  expect(await pay(tried, 'pm_bank')).toEqual(refused);
  const { cart } = await run(
    subgraph,
    'removeCartLine',
    { input: { cartId: tried.cartId, variantId: sample.variantId } },
    anna,
  );
  expect(cart.quantity).toBe(0);
  const real = await readyToOrder(subgraph, anna, ['var_1']);
  expect(await pay(real, 'pm_sandbox_ok')).toEqual(refused);
  expect(await pay(real, 'pm_bank')).toMatchObject({ ok: true });
});
