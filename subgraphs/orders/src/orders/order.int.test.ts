import { packageMoved } from '@vitrine/events/logistics';
import { orderCancelled } from '@vitrine/events/orders';
import { DAY, HOUR, plus, SECOND } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { staffOf } from '@vitrine/testkit/viewers';
import { aBuyer, order, pass, payments, readyToOrder, run, sell } from '../../test/world.ts';
import { orders } from '../index.ts';
import { sandboxProvider } from '../payments/sandbox.provider.ts';
import { cancelOrder } from './cancel-order.ts';
import { orderStore } from './order.store.ts';
import { refundOrder } from './refund-order.ts';

const test = subgraphTest(orders);
const anna = aBuyer();

/** An order of two shops for Anna; the work that is going on. */
async function ordered(subgraph: TestSubgraph) {
  const work = subgraph.work();
  await sell(subgraph, [
    { variantId: 'var_1', shopId: 'shp_1', minor: '1000' },
    { variantId: 'var_2', shopId: 'shp_2', minor: '2500' },
  ]);
  const input = await readyToOrder(subgraph, anna, ['var_1', 'var_2']);
  const placed = await order(subgraph, anna, input);
  return { work, placed: placed.orders, first: placed.orders[0], second: placed.orders[1] };
}

const parcel = async (
  subgraph: TestSubgraph,
  { id, lines }: { id: string; lines: { id: string }[] },
  state: 'SHIPPED' | 'DELIVERED' = 'SHIPPED',
) => {
  await subgraph.deliver('orders.fulfilment', packageMoved, {
    aggregateId: `pkg_${id}`,
    aggregateVersion: state === 'SHIPPED' ? 1 : 2,
    payload: { packageId: `pkg_${id}`, orderId: id, state, orderLineIds: lines.map((l) => l.id) },
  });
};

const cancelInput = (orderId: string, change: object = {}) => ({
  input: { orderId, reason: 'CHANGED_MIND', idempotencyKey: 'key', ...change },
});

test('a cancelled order is paid back once, in full, out of the payment that was made', async ({
  subgraph,
  expect,
}) => {
  const { first } = await ordered(subgraph);

  const cancelled = await run(subgraph, 'cancelOrder', cancelInput(first.id), anna);
  await subgraph.quiet();

  expect(cancelled).toMatchObject({
    replayed: false,
    userErrors: [],
    order: { state: 'CANCELLED', cancellation: { by: 'BUYER', reason: 'CHANGED_MIND' } },
  });
  expect(await run(subgraph, 'order', { id: first.id }, anna)).toMatchObject({
    paymentState: 'REFUNDED',
    cancellation: { refund: { amount: '13.99' } },
    lines: [{ state: 'CANCELLED' }],
    deadline: null,
  });
  // The other shop's order, of the same payment, is untouched.
  expect(await payments(subgraph)).toMatchObject([
    { state: 'CAPTURED', refundableMinor: 2_899, refunds: [{ key: first.id, minor: 1_399 }] },
  ]);
  expect(await subgraph.emitted(orderCancelled)).toMatchObject([
    { orderId: first.id, shopId: 'shp_1', lines: [{ refunded: { minor: '1000' } }] },
  ]);
});

test('cancelling again with the key gives the same answer, with another the reason why not', async ({
  subgraph,
  expect,
}) => {
  const { first, second } = await ordered(subgraph);
  await run(subgraph, 'cancelOrder', cancelInput(first.id), anna);

  const again = await run(subgraph, 'cancelOrder', cancelInput(first.id), anna);
  const other = { idempotencyKey: 'other' };
  const anew = await run(subgraph, 'cancelOrder', cancelInput(first.id, other), anna);
  const reused = await run(subgraph, 'cancelOrder', cancelInput(second.id), anna);

  expect(again).toMatchObject({ replayed: true, order: { id: first.id, state: 'CANCELLED' } });
  expect(anew.userErrors).toMatchObject([{ code: 'ALREADY_CANCELLED' }]);
  expect(reused.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  await subgraph.quiet();
  expect(await subgraph.emitted(orderCancelled)).toHaveLength(1);
});

test('staff of the shop cancel their own orders, and strangers do not learn of any', async ({
  subgraph,
  expect,
}) => {
  const { first, second } = await ordered(subgraph);
  const staff = staffOf('shp_1');
  const reason = { reason: 'OUT_OF_STOCK' };

  for (const [orderId, viewer] of [
    [second.id, staff],
    [first.id, aBuyer('bert')],
    ['ord_none', anna],
  ] as const) {
    const refused = await run(subgraph, 'cancelOrder', cancelInput(orderId, reason), viewer);
    expect(refused.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await run(subgraph, 'order', { id: orderId }, viewer)).toBeNull();
  }
  const cancelled = await run(subgraph, 'cancelOrder', cancelInput(first.id, reason), staff);
  expect(cancelled.order.cancellation).toEqual({ by: 'SHOP', reason: 'OUT_OF_STOCK' });
});

test('the platform’s own reason and a malformed key are refused together', async ({
  subgraph,
  expect,
}) => {
  const bad = { reason: 'NOT_SHIPPED_IN_TIME', idempotencyKey: 'a\u0000b' };
  const { userErrors } = await run(subgraph, 'cancelOrder', cancelInput('ord_1', bad), anna);

  expect(userErrors).toMatchObject([
    { code: 'INVALID_IDEMPOTENCY_KEY' },
    { code: 'RESERVED_REASON' },
  ]);
});

test('parcels move the order, and what has left is not cancelled', async ({ subgraph, expect }) => {
  const { first } = await ordered(subgraph);
  const state = async () => (await run(subgraph, 'order', { id: first.id }, anna)).state;

  await parcel(subgraph, first);
  await subgraph.quiet();
  expect(await state()).toBe('IN_TRANSIT');
  const late = await run(subgraph, 'cancelOrder', cancelInput(first.id), anna);
  await parcel(subgraph, first, 'DELIVERED');
  await subgraph.quiet();

  expect(await state()).toBe('DELIVERED');
  expect(late).toMatchObject({ order: null, userErrors: [{ code: 'ALREADY_SHIPPED' }] });
  expect(await subgraph.emitted(orderCancelled)).toEqual([]);
});

test('of a parcel and a cancellation at the same moment one wins, and the order is one or the other', async ({
  subgraph,
  expect,
}) => {
  const { placed } = await ordered(subgraph);

  for (const one of placed) {
    const [cancelled] = await Promise.all([
      run(subgraph, 'cancelOrder', cancelInput(one.id, { idempotencyKey: one.id }), anna),
      parcel(subgraph, one),
    ]);
    await subgraph.quiet();
    const now = await run(subgraph, 'order', { id: one.id }, anna);

    expect(now.state).toBe(cancelled.order ? 'CANCELLED' : 'IN_TRANSIT');
    expect(now.paymentState).toBe(cancelled.order ? 'REFUNDED' : 'PAID');
  }
});

test('whoever read an order before it was changed does not overwrite the change', async ({
  subgraph,
  expect,
}) => {
  const { first } = await ordered(subgraph);
  const store = orderStore(subgraph.services);
  const [read] = await store.findMany([first.id]);
  if (!read) throw new Error('the order was placed');
  await run(subgraph, 'cancelOrder', cancelInput(first.id), anna);

  const shipped = { ...read, fulfilment: { state: 'IN_TRANSIT' }, version: 2 } as const;

  expect(await store.save(shipped)).toBe(false);
});

test('an order is released to the shop after the hold, and cancelled when it is not sent', async ({
  subgraph,
  expect,
}) => {
  const { work, first } = await ordered(subgraph);
  const page = () => run(subgraph, 'order', { id: first.id }, anna);

  await pass(subgraph, work, HOUR);
  expect(await page()).toMatchObject({
    state: 'AWAITING_SHIPMENT',
    deadline: { action: 'CANCEL' },
  });
  await pass(subgraph, work, 7 * DAY);

  expect(await page()).toMatchObject({
    state: 'CANCELLED',
    paymentState: 'REFUNDED',
    cancellation: { by: 'SYSTEM', reason: 'NOT_SHIPPED_IN_TIME' },
  });
});

test('a refund whose worker dies after the provider paid is not paid again', async ({
  subgraph,
  expect,
}) => {
  const { work, first } = await ordered(subgraph);
  const { services } = subgraph;
  // Cancelled without the job: it is worked below, by a process that dies.
  const away = async () => {
    throw new Error('Redis is away');
  };
  // Only `add` is called of it.
  const queue = { add: away } as unknown as ReturnType<typeof services.queues.get>;
  const silent = orderStore({ ...services, queues: { ...services.queues, get: () => queue } });
  const cancel = cancelOrder(silent, services.clock);
  await cancel({ orderId: first.id, reason: 'OTHER', by: 'BUYER', idempotencyKey: null });
  const dying = refundOrder({
    orders: silent,
    providers: [sandboxProvider(services)],
    clock: services.clock,
    crash: () => {
      throw new Error('killed');
    },
  });
  await expect(dying(first.id)).rejects.toThrow('killed');
  expect((await run(subgraph, 'order', { id: first.id }, anna)).paymentState).toBe('REFUNDING');

  await pass(subgraph, work, 5 * SECOND);

  expect((await run(subgraph, 'order', { id: first.id }, anna)).paymentState).toBe('REFUNDED');
  expect((await payments(subgraph))[0]?.refunds).toHaveLength(1);
});

test('a buyer and a shop list their orders, newest first, by state, page by page', async ({
  subgraph,
  expect,
}) => {
  const { first, second } = await ordered(subgraph);
  await run(subgraph, 'cancelOrder', cancelInput(first.id), anna);
  const list = async (of: object, args: string, viewer = anna) => {
    const document = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on Viewer { orders(${args}) { nodes { id } pageInfo { hasNextPage endCursor } } }
      ... on Shop { orders(${args}) { nodes { id } pageInfo { hasNextPage endCursor } } } } }`;
    const { data, errors } = await subgraph.execute(document, { of: [of] }, viewer);
    return errors ? errors.map(({ extensions }) => extensions['code']) : data?._entities[0].orders;
  };
  const me = { __typename: 'Viewer', id: anna.userId };
  const shop = { __typename: 'Shop', id: 'shp_1' };

  const page = await list(me, 'first: 1');
  expect(page).toMatchObject({ nodes: [{ id: second.id }], pageInfo: { hasNextPage: true } });
  expect(await list(me, `first: 1, after: "${page.pageInfo.endCursor}"`)).toMatchObject({
    nodes: [{ id: first.id }],
    pageInfo: { hasNextPage: false },
  });
  expect((await list(me, 'first: 9, states: [CANCELLED]')).nodes).toEqual([{ id: first.id }]);
  const soon = plus(subgraph.clock.now(), 1).toISOString();
  expect((await list(me, `first: 9, placedFrom: "${soon}"`)).nodes).toEqual([]);
  expect((await list(shop, 'first: 9', staffOf('shp_1'))).nodes).toEqual([{ id: first.id }]);
  expect(await list(shop, 'first: 9', staffOf('shp_2'))).toBeNull();
  expect(await list(me, 'first: 101')).toEqual(['PAGE_SIZE_INVALID']);
});

test('an order and its lines are found by id, by those who may see them', async ({
  subgraph,
  expect,
}) => {
  const { first } = await ordered(subgraph);
  const of = [
    { __typename: 'OrderLine', id: first.lines[0].id },
    { __typename: 'Order', id: first.id },
    { __typename: 'OrderLine', id: 'oln_none' },
  ];
  const document = `query ($of: [_Any!]!) { _entities(representations: $of) {
    ... on Order { number } ... on OrderLine { title order { id } } } }`;
  const seenBy = async (viewer: typeof anna) =>
    (await subgraph.execute(document, { of }, viewer)).data?._entities;

  const seen = [{ title: 'Ding var_1', order: { id: first.id } }, { number: first.number }, null];
  expect(await seenBy(anna)).toEqual(seen);
  expect(await seenBy(staffOf('shp_1'))).toEqual(seen);
  expect(await seenBy(staffOf('shp_2'))).toEqual([null, null, null]);
});

test('a subscription tells each change of an order to those who may see it', async ({
  subgraph,
  expect,
}) => {
  const { first } = await ordered(subgraph);
  const document = 'subscription ($id: ID!) { orderChanged(orderId: $id) { state } }';
  const told = await subgraph.subscribe(document, { id: first.id }, staffOf('shp_1'));
  const state = async () => (await told.next()).value.data.orderChanged.state;

  expect(await state()).toBe('ON_HOLD');
  await parcel(subgraph, first);
  expect(await state()).toBe('IN_TRANSIT');
  await parcel(subgraph, first, 'DELIVERED');
  expect(await state()).toBe('DELIVERED');
  await told.return?.();
  await expect(subgraph.subscribe(document, { id: first.id }, aBuyer('bert'))).rejects.toThrow(
    'does not exist',
  );
});
