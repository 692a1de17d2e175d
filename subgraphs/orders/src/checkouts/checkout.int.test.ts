import { profileChanged } from '@vitrine/events/accounts';
import { stockReserved } from '@vitrine/events/logistics';
import { checkoutAbandoned, orderPlaced, stockRequested } from '@vitrine/events/orders';
import { MINUTE, plus, SECOND } from '@vitrine/kernel/clock';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import {
  aBuyer,
  documents,
  order,
  pass,
  payments,
  readyToOrder,
  refuseStock,
  requested,
  reserve,
  run,
  sell,
} from '../../test/world.ts';
import { orders } from '../index.ts';
import { checkoutStore } from './checkout.store.ts';

const test = subgraphTest(orders);
const anna = aBuyer();

const cartOf = async (subgraph: Parameters<typeof run>[0]) => {
  const of = [{ __typename: 'Viewer', id: anna.userId }];
  const { data } = await subgraph.execute(documents.cart, { of }, anna);
  return data?._entities[0].cart;
};

test('a cart of two shops becomes one payment, and one order for each shop', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await subgraph.deliver('orders.profiles', profileChanged, {
    aggregateId: anna.userId,
    aggregateVersion: 1,
    payload: { userId: anna.userId, displayName: 'Anna Berg', handle: 'anna', avatarUrl: null },
  });
  await sell(subgraph, [
    { variantId: 'var_1', shopId: 'shp_1', minor: '1000' },
    { variantId: 'var_2', shopId: 'shp_2', minor: '2500' },
  ]);
  const input = await readyToOrder(subgraph, anna, ['var_1', 'var_2'], 2);

  const placed = await order(subgraph, anna, input);

  expect(placed).toMatchObject({
    replayed: false,
    userErrors: [],
    checkout: { state: 'COMPLETED', step: 'COMPLETED', refusal: null },
  });
  expect(
    placed.orders.map((one: { shop: object; total: object }) => [one.shop, one.total]),
  ).toEqual([
    [{ id: 'shp_1' }, { amount: '23.99', currencyCode: 'EUR' }],
    [{ id: 'shp_2' }, { amount: '53.99', currencyCode: 'EUR' }],
  ]);
  expect(input.expectedTotal.amount).toBe('77.98');
  expect(await payments(subgraph)).toMatchObject([{ state: 'CAPTURED', amount: { minor: 7_798 } }]);
  const facts = await subgraph.emitted(orderPlaced);
  // A commission must never reach the order of another shop.
  expect(facts.map(({ shopId, lines }) => [shopId, lines.map((one) => one.variantId)])).toEqual([
    ['shp_1', ['var_1', 'var_1']],
    ['shp_2', ['var_2', 'var_2']],
  ]);
  expect(facts.map(({ buyerAlias }) => buyerAlias)).toEqual(['A***g', 'A***g']);
  expect((await cartOf(subgraph)).lines).toEqual([]);
  expect(await subgraph.emitted(checkoutAbandoned)).toEqual([]);
});

test('what is put into the cart while its checkout runs is still there afterwards', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1'], 2);

  const placing = run(subgraph, 'placeOrder', { input }, anna);
  const { checkoutId } = await requested(subgraph);
  const more = { variantId: 'var_1', quantity: 3, market: 'DE' };
  await run(subgraph, 'addToCart', { input: more }, anna);
  await reserve(subgraph, checkoutId);

  expect((await placing).orders[0].lines).toHaveLength(2);
  expect((await cartOf(subgraph)).lines).toMatchObject([{ quantity: 3 }]);
});

test('short stock refuses with what is left, charges nothing, and frees the key', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);

  const placing = run(subgraph, 'placeOrder', { input }, anna);
  const { checkoutId } = await requested(subgraph);
  await refuseStock(subgraph, checkoutId, 'var_1');

  expect(await placing).toMatchObject({
    checkout: null,
    orders: [],
    userErrors: [
      {
        __typename: 'InsufficientStockError',
        code: 'INSUFFICIENT_STOCK',
        variant: { id: 'var_1' },
        availableQuantity: 0,
        retryable: true,
      },
    ],
  });
  expect(await payments(subgraph)).toEqual([]);
  expect(await subgraph.emitted(checkoutAbandoned)).toEqual([
    { checkoutId, reason: 'OUT_OF_STOCK' },
  ]);
  expect((await cartOf(subgraph)).quantity).toBe(1);

  const again = await order(subgraph, anna, input, 2);
  expect(again).toMatchObject({ replayed: false, userErrors: [], orders: [{ state: 'ON_HOLD' }] });
});

test('a declined payment lets the stock go, and the key is good for another method', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);

  const declined = await order(subgraph, anna, {
    ...input,
    paymentMethodId: 'pm_sandbox_declined',
  });

  expect(declined.userErrors).toEqual([
    {
      __typename: 'PaymentDeclinedError',
      code: 'PAYMENT_DECLINED',
      path: ['input', 'paymentMethodId'],
      retryable: false,
    },
  ]);
  expect(await subgraph.emitted(checkoutAbandoned)).toHaveLength(1);
  expect(await subgraph.emitted(orderPlaced)).toEqual([]);
  expect((await order(subgraph, anna, input, 2)).orders).toHaveLength(1);
});

test('the same key gives the same orders, and another input under it is refused', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);
  const first = await order(subgraph, anna, input);

  const again = await run(subgraph, 'placeOrder', { input }, anna);
  const other = { ...input, paymentMethodId: 'pm_sandbox_slow' };
  const reused = await run(subgraph, 'placeOrder', { input: other }, anna);

  expect(again).toEqual({ ...first, replayed: true });
  expect(reused.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED', retryable: false }]);
  expect(await payments(subgraph)).toHaveLength(1);
});

test('ten calls at once with one key order once', async ({ subgraph, expect }) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);

  const calls = Array.from({ length: 10 }, () => run(subgraph, 'placeOrder', { input }, anna));
  const { checkoutId } = await requested(subgraph);
  await reserve(subgraph, checkoutId);
  const answers = await Promise.all(calls);

  const ids = answers.flatMap((answer) => answer.orders.map(({ id }: { id: string }) => id));
  expect(new Set(ids).size).toBe(1);
  for (const answer of answers.filter(({ orders: none }) => none.length === 0)) {
    expect(answer.userErrors).toMatchObject([{ code: 'IN_PROGRESS', retryable: true }]);
  }
  expect(await subgraph.emitted(stockRequested)).toHaveLength(1);
  expect(await payments(subgraph)).toHaveLength(1);
});

test('a cart has one checkout at a time', async ({ subgraph, expect }) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);
  const placing = run(subgraph, 'placeOrder', { input }, anna);
  const { checkoutId } = await requested(subgraph);

  const second = { ...input, idempotencyKey: 'another' };
  const refused = await run(subgraph, 'placeOrder', { input: second }, anna);
  await reserve(subgraph, checkoutId);

  expect(refused.userErrors).toMatchObject([
    { code: 'CHECKOUT_IN_PROGRESS', retryable: true, checkout: { id: checkoutId } },
  ]);
  expect((await placing).orders).toHaveLength(1);
});

test('an answer of logistics that comes twice has one effect', async ({ subgraph, expect }) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);
  const placing = run(subgraph, 'placeOrder', { input }, anna);
  const { checkoutId } = await requested(subgraph);

  const same = await reserve(subgraph, checkoutId);
  await reserve(subgraph, checkoutId, same);
  await reserve(subgraph, checkoutId);
  await placing;
  await subgraph.quiet();

  expect(await subgraph.emitted(orderPlaced)).toHaveLength(1);
  expect(await payments(subgraph)).toHaveLength(1);
  expect(await subgraph.emitted(checkoutAbandoned)).toEqual([]);
});

test('a slow answer leaves the checkout under way, and the same key finds its orders later', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);

  const waited = await run(subgraph, 'placeOrder', { input }, anna);
  expect(waited).toMatchObject({
    orders: [],
    userErrors: [],
    checkout: { state: 'PROCESSING', step: 'RESERVING_STOCK' },
  });
  await reserve(subgraph, waited.checkout.id);
  await subgraph.quiet();

  const later = await run(subgraph, 'placeOrder', { input }, anna);
  expect(later).toMatchObject({ replayed: true, checkout: { state: 'COMPLETED' } });
  expect(later.orders).toHaveLength(1);
});

test('without an answer the buyer is let go, and stock that comes too late is given back', async ({
  subgraph,
  expect,
}) => {
  const work = subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);
  const placing = run(subgraph, 'placeOrder', { input }, anna);
  const { checkoutId } = await requested(subgraph);

  await pass(subgraph, work, 2 * MINUTE);
  expect((await placing).userErrors).toMatchObject([{ code: 'CHECKOUT_EXPIRED', retryable: true }]);
  expect(await subgraph.emitted(checkoutAbandoned)).toHaveLength(1);
  await reserve(subgraph, checkoutId);
  await subgraph.quiet();

  expect(await subgraph.emitted(checkoutAbandoned)).toHaveLength(2);
  expect(await subgraph.emitted(orderPlaced)).toEqual([]);
  expect(await payments(subgraph)).toEqual([]);
});

test('when the reservation is about to end, the payment is given up before it is taken', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);
  const placing = run(subgraph, 'placeOrder', { input }, anna);
  const { checkoutId } = await requested(subgraph);

  await subgraph.deliver('orders.checkouts', stockReserved, {
    aggregateId: checkoutId,
    aggregateVersion: 1,
    payload: {
      checkoutId,
      reservationId: 'rsv_1',
      expiresAt: plus(subgraph.clock.now(), 30 * SECOND).toISOString(),
    },
  });

  expect((await placing).userErrors).toMatchObject([{ code: 'CHECKOUT_EXPIRED' }]);
  expect(await payments(subgraph)).toMatchObject([{ key: checkoutId, state: 'VOIDED' }]);
  expect(await subgraph.emitted(orderPlaced)).toEqual([]);
});

test('a checkout whose job was lost is taken up by its timer', async ({ subgraph, expect }) => {
  const work = subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);
  const placing = run(subgraph, 'placeOrder', { input }, anna);
  const { checkoutId } = await requested(subgraph);
  // As the consumer does, but its process dies before it enqueues the job.
  const checkouts = checkoutStore(subgraph.services);
  const checkout = await checkouts.find(checkoutId);
  if (!checkout) throw new Error('the checkout is stored');
  const expiresAt = plus(subgraph.clock.now(), 15 * MINUTE);
  await checkouts.apply(checkout, { type: 'STOCK_RESERVED', reservationId: 'rsv_1', expiresAt });

  await pass(subgraph, work, 5 * SECOND);

  expect((await placing).orders).toHaveLength(1);
});

test('a subscription tells the steps until the end, to the buyer alone', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const input = await readyToOrder(subgraph, anna, ['var_1']);
  const placing = run(subgraph, 'placeOrder', { input }, anna);
  const { checkoutId } = await requested(subgraph);
  const document =
    'subscription ($id: ID!) { checkoutChanged(checkoutId: $id) { state step orders { id } } }';

  const steps = await subgraph.subscribe(document, { id: checkoutId }, anna);
  const first = await steps.next();
  await reserve(subgraph, checkoutId);
  const told = [];
  for await (const { data } of steps) told.push(data?.checkoutChanged);

  expect(first.value.data.checkoutChanged.step).toBe('RESERVING_STOCK');
  expect(told.at(-1)).toMatchObject({ state: 'COMPLETED', orders: [{}] });
  await placing;
  await expect(subgraph.subscribe(document, { id: checkoutId }, aBuyer('bert'))).rejects.toThrow(
    'does not exist',
  );
});

test('a checkout is nobody else’s business', async ({ subgraph, expect }) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const { checkout } = await order(subgraph, anna, await readyToOrder(subgraph, anna, ['var_1']));
  const of = [{ __typename: 'Checkout', id: checkout.id }];
  const node =
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Checkout { id } } }';

  expect(await run(subgraph, 'checkout', { id: checkout.id }, anna)).not.toBeNull();
  expect(await run(subgraph, 'checkout', { id: checkout.id }, aBuyer('bert'))).toBeNull();
  expect((await subgraph.execute(node, { of }, anna)).data?._entities).toEqual([
    { id: checkout.id },
  ]);
  expect((await subgraph.execute(node, { of }, aBuyer('bert'))).data?._entities).toEqual([null]);
});
