import { checkoutAbandoned, stockRequested } from '@vitrine/events/orders';
import { parseMoney } from '@vitrine/kernel/money';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import {
  aBuyer,
  addressFor,
  documents,
  order,
  readyToOrder,
  requested,
  reserve,
  run,
  sell,
} from '../../test/world.ts';
import { addressStore } from '../addresses/address.store.ts';
import { cartStore } from '../carts/cart.store.ts';
import { paymentProviders } from '../context.ts';
import { orders } from '../index.ts';
import { offerStore } from '../offers/offer.store.ts';
import { sandboxPaymentModel } from '../payments/sandbox.model.ts';
import { sellingRulesOf } from '../selling/selling-rules.data.ts';
import { checkoutModel } from './checkout.model.ts';
import { checkoutStore } from './checkout.store.ts';
import { placeOrder } from './place-order.ts';

const test = subgraphTest(orders);
const anna = aBuyer();
const bert = aBuyer('bert');

test('everything that can be wrong with an order is a refusal of its own, and nothing is written', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [
    { variantId: 'var_1' },
    { variantId: 'var_2', shopId: 'shp_2' },
    { variantId: 'var_fr', market: 'FR' },
  ]);
  const input = await readyToOrder(subgraph, anna, ['var_1', 'var_2']);
  const foreign = await readyToOrder(subgraph, bert, ['var_1']);
  const elsewhere = await addressFor(subgraph, anna, 'FR');
  const { amount } = input.expectedTotal;
  const total = (given: string, currencyCode = 'EUR') => ({
    expectedTotal: { amount: given, currencyCode },
  });
  const [first, second] = input.shipping;

  const cases: [object, object[]][] = [
    [total('-1.00'), [{ code: 'NEGATIVE_AMOUNT', path: ['input', 'expectedTotal', 'amount'] }]],
    [total('1.999'), [{ code: 'TOO_PRECISE', path: ['input', 'expectedTotal', 'amount'] }]],
    [total('9'.repeat(25)), [{ code: 'AMOUNT_TOO_LARGE' }]],
    [total(amount, 'XXX'), [{ code: 'UNKNOWN_CURRENCY' }]],
    [total(amount, 'USD'), [{ code: 'WRONG_CURRENCY' }]],
    [
      { ...total('-1.00'), idempotencyKey: 'k'.repeat(101) },
      [{ code: 'INVALID_IDEMPOTENCY_KEY' }, { code: 'NEGATIVE_AMOUNT' }],
    ],
    [
      { shipping: Array.from({ length: 201 }, () => first) },
      [{ code: 'TOO_MANY_ITEMS', path: ['input', 'shipping'] }],
    ],
    [{ idempotencyKey: '' }, [{ code: 'INVALID_IDEMPOTENCY_KEY' }]],
    [total('0.01'), [{ code: 'PRICE_MOVED', currentTotal: input.expectedTotal, retryable: false }]],
    [{ cartId: foreign.cartId }, [{ code: 'NOT_FOUND', path: ['input', 'cartId'] }]],
    [{ cartId: 'crt_none' }, [{ code: 'NOT_FOUND', path: ['input', 'cartId'] }]],
    [
      { shippingAddressId: foreign.shippingAddressId },
      [{ code: 'NOT_FOUND', path: ['input', 'shippingAddressId'] }],
    ],
    [{ shippingAddressId: elsewhere }, [{ code: 'ADDRESS_IN_OTHER_MARKET' }]],
    [{ paymentMethodId: 'pm_free' }, [{ code: 'NOT_FOUND', path: ['input', 'paymentMethodId'] }]],
    [{ shipping: [first] }, [{ code: 'SHIPPING_CHOICE_MISSING' }]],
    [
      { shipping: [first, { ...second, optionId: 'pigeon' }, first] },
      [
        { code: 'INVALID_SHIPPING_CHOICE', path: ['input', 'shipping', '1'] },
        { code: 'INVALID_SHIPPING_CHOICE', path: ['input', 'shipping', '2'] },
      ],
    ],
  ];
  for (const [change, userErrors] of cases) {
    const answer = await run(subgraph, 'placeOrder', { input: { ...input, ...change } }, anna);
    expect(answer).toMatchObject({ checkout: null, orders: [], replayed: false, userErrors });
  }

  expect(await subgraph.emitted(stockRequested)).toEqual([]);
  expect(await checkoutModel(subgraph.services.db).countDocuments()).toBe(0);
  // The key was refused sixteen times over and remembers none of it.
  expect((await order(subgraph, anna, input)).orders).toHaveLength(2);
});

test('an empty cart is refused', async ({ subgraph, expect }) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);
  const line = { cartId: input.cartId, variantId: 'var_1' };
  await run(subgraph, 'removeCartLine', { input: line }, anna);

  const { userErrors } = await run(subgraph, 'placeOrder', { input }, anna);

  expect(userErrors).toMatchObject([{ __typename: 'EmptyCartError', code: 'EMPTY_CART' }]);
});

test('a guest orders nothing', async ({ subgraph, expect }) => {
  const { errors } = await subgraph.execute(documents.placeOrder, {
    input: {
      idempotencyKey: 'key',
      cartId: 'crt_1',
      expectedTotal: { amount: '1.00', currencyCode: 'EUR' },
      shippingAddressId: 'adr_1',
      shipping: [],
      paymentMethodId: 'pm_sandbox_ok',
    },
  });

  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

test('a price that moved since the buyer saw it, and a product taken down, stop the order', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1', minor: '1000' }, { variantId: 'var_2' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1', 'var_2']);
  await sell(subgraph, [{ variantId: 'var_1', minor: '1100', version: 2 }]);

  const moved = await run(subgraph, 'placeOrder', { input }, anna);
  await sell(subgraph, [{ variantId: 'var_2', isActive: false, version: 2 }]);
  const gone = await run(subgraph, 'placeOrder', { input }, anna);

  expect(moved.userErrors).toMatchObject([
    { code: 'PRICE_MOVED', currentTotal: { amount: '34.89', currencyCode: 'EUR' } },
  ]);
  expect(gone.userErrors).toMatchObject([{ code: 'PRODUCT_UNAVAILABLE' }]);
});

test('a price that moves while the checkout runs does not move what is charged', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1', minor: '1000' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);

  const placing = run(subgraph, 'placeOrder', { input }, anna);
  const { checkoutId } = await requested(subgraph);
  await sell(subgraph, [{ variantId: 'var_1', minor: '9900', version: 2 }]);
  await reserve(subgraph, checkoutId);

  expect((await placing).orders[0].total).toEqual(input.expectedTotal);
});

test('a cart that another key has ordered while this one was looking it up is not ordered again', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);
  const { services } = subgraph;
  const offers = offerStore(services.db);
  let isFirst = true;
  const place = placeOrder({
    checkouts: checkoutStore(services),
    carts: cartStore(services.db),
    addresses: addressStore(services.db),
    providers: paymentProviders(services),
    rulesOf: sellingRulesOf,
    newId: services.newId,
    clock: services.clock,
    crash: () => {},
    offers: {
      async findMany(ids) {
        const found = await offers.findMany(ids);
        // The cart is read; before the checkout is stored, the other tab's goes all the way.
        if (isFirst) expect((await order(subgraph, anna, input)).checkout.state).toBe('COMPLETED');
        isFirst = false;
        return found;
      },
    },
  });
  const { amount, currencyCode } = input.expectedTotal;
  const expectedTotal = parseMoney(amount, currencyCode);
  if (!expectedTotal.ok) throw new Error(expectedTotal.refusal);

  const outcome = await place({
    ...input,
    buyerId: anna.userId,
    idempotencyKey: 'the-other-tab',
    expectedTotal: expectedTotal.value,
  });

  expect(outcome).toEqual({ ok: false, refusal: { kind: 'EMPTY' } });
  expect(await subgraph.emitted(stockRequested)).toHaveLength(1);
  expect(await checkoutModel(services.db).countDocuments()).toBe(1);
});

test('two buyers share nothing but the offer', async ({ subgraph, expect }) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const hers = await readyToOrder(subgraph, anna, ['var_1']);
  const his = {
    ...(await readyToOrder(subgraph, bert, ['var_1'])),
    idempotencyKey: hers.idempotencyKey,
  };

  const first = await order(subgraph, anna, hers, 1);
  const second = await order(subgraph, bert, his, 2);

  expect(second.replayed).toBe(false);
  expect(second.orders[0].id).not.toBe(first.orders[0].id);
  expect(await sandboxPaymentModel(subgraph.services.db).countDocuments()).toBe(2);
  expect(await subgraph.emitted(checkoutAbandoned)).toEqual([]);
});
