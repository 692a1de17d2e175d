import { guestSignedIn } from '@vitrine/events/accounts';
import type { Viewer } from '@vitrine/platform/viewer';
import type { TestSubgraph } from '@vitrine/testkit/subgraph';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { aGuest, anApp } from '@vitrine/testkit/viewers';
import { aBuyer, fill, run, sell } from '../../test/world.ts';
import { orders } from '../index.ts';
import { type CartRow, cartModel } from './cart.model.ts';

const test = subgraphTest(orders);
const anna = aBuyer();
const guest = aGuest();

const cartOf = async (subgraph: TestSubgraph, viewer: Viewer | null) => {
  const { data, errors } = await subgraph.execute(
    '{ cart { id version quantity lines { quantity variant { id } } } }',
    {},
    viewer,
  );
  if (errors) throw new Error(errors.join());
  return data?.['cart'];
};

const signIn = (subgraph: TestSubgraph, id?: string) =>
  subgraph.deliver('orders.guests', guestSignedIn, {
    ...(id === undefined ? {} : { id }),
    aggregateId: guest.userId,
    aggregateVersion: 1,
    payload: { guestId: guest.userId, userId: anna.userId },
  });

const units = (cart: { lines: { quantity: number; variant: { id: string } }[] }) =>
  Object.fromEntries(cart.lines.map(({ quantity, variant }) => [variant.id, quantity]));

const two = [{ variantId: 'var_1' }, { variantId: 'var_2' }];

test('a guest with a token fills, changes and reads a cart, which nobody else sees', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, two);
  const cart = await fill(subgraph, guest, ['var_1', 'var_2']);
  const line = { cartId: cart.id, variantId: 'var_1' };

  const changed = await run(subgraph, 'changeCartLine', { input: { ...line, quantity: 4 } }, guest);
  expect(changed.cart.quantity).toBe(5);
  await run(subgraph, 'removeCartLine', { input: line }, guest);

  expect(await cartOf(subgraph, guest)).toMatchObject({ id: cart.id, quantity: 1 });
  for (const other of [
    anna,
    null,
    aGuest({ userId: 'gst_other' }),
    anApp({ scopes: ['cart:read'] }),
  ]) {
    expect(await cartOf(subgraph, other)).toBeNull();
  }
  const order = await subgraph.execute(
    'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { replayed } }',
    {
      input: {
        idempotencyKey: 'k',
        cartId: cart.id,
        expectedTotal: { amount: '1.00', currencyCode: 'EUR' },
        shippingAddressId: 'adr_1',
        shipping: [],
        paymentMethodId: 'pm_sandbox_ok',
      },
    },
    guest,
  );
  expect(order.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
});

test('a cart needs a token', async ({ subgraph, expect }) => {
  for (const [viewer, code] of [
    [null, 'UNAUTHENTICATED'],
    [anApp(), 'MISSING_SCOPE'],
    [anApp({ scopes: ['cart:write'] }), 'FORBIDDEN'],
  ] as const) {
    const { errors } = await subgraph.execute(
      'mutation { addToCart(input: { variantId: "v", quantity: 1, market: "DE" }) { cart { id } } }',
      {},
      viewer,
    );
    expect(errors?.[0]?.extensions['code']).toBe(code);
  }
});

test('who signs in has what they put in as a guest, once, however often it is told', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, two);
  await fill(subgraph, anna, ['var_1']);
  await fill(subgraph, guest, ['var_1', 'var_2'], 2);

  const id = await signIn(subgraph);
  await expect
    .poll(async () => units(await cartOf(subgraph, anna)))
    .toEqual({ var_1: 3, var_2: 2 });
  await signIn(subgraph, id);
  await signIn(subgraph);
  await subgraph.quiet();

  expect(units(await cartOf(subgraph, anna))).toEqual({ var_1: 3, var_2: 2 });
  expect(await cartOf(subgraph, guest)).toBeNull();
});

test('who had no cart goes on with the guest’s, which is kept from then on', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, two);
  const { id } = await fill(subgraph, guest, ['var_1']);
  await signIn(subgraph);
  await subgraph.quiet();

  expect(await cartOf(subgraph, anna)).toMatchObject({ id, quantity: 1 });
  const rows = await cartModel(subgraph.services.db).find().lean<CartRow[]>();
  expect(rows).toMatchObject([{ buyerId: anna.userId, expiresAt: null }]);
  await fill(subgraph, anna, ['var_2']);
  expect(await cartOf(subgraph, anna)).toMatchObject({ id, quantity: 2 });
});

test('nothing is lost or doubled while both carts are being changed', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, two);
  for (let round = 0; round < 5; round++) {
    await cartModel(subgraph.services.db).deleteMany();
    if (round % 2 === 0) await fill(subgraph, anna, ['var_1']);
    await fill(subgraph, guest, ['var_1']);

    const adds = [anna, guest, anna, anna].map((viewer) => fill(subgraph, viewer, ['var_2']));
    await Promise.all([signIn(subgraph), signIn(subgraph), ...adds]);
    await subgraph.quiet();

    // The guest's last unit went in before or after the merge; then it is in a cart of its own.
    const [own, left] = [await cartOf(subgraph, anna), await cartOf(subgraph, guest)];
    const all = { var_1: 0, var_2: 0, ...units(own) };
    expect(all.var_1).toBe(round % 2 === 0 ? 2 : 1);
    expect(all.var_2 + (left ? (units(left)['var_2'] ?? 0) : 0)).toBe(4);
    expect(left ? units(left)['var_1'] : undefined).toBeUndefined();
  }
});

test('a guest’s cart is kept for thirty days from its last change', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, two);
  await fill(subgraph, guest, ['var_1']);
  const expiry = async () =>
    (await cartModel(subgraph.services.db).findOne().lean<CartRow>())?.expiresAt?.getTime();
  const days = 86_400_000;
  const begun = subgraph.clock.now().getTime();
  expect(await expiry()).toBe(begun + 30 * days);

  subgraph.clock.advance(7 * days);
  await fill(subgraph, guest, ['var_2']);

  expect(await expiry()).toBe(begun + 37 * days);
  const ttl = cartModel(subgraph.services.db)
    .schema.indexes()
    .find(([keys]) => 'expiresAt' in keys);
  expect(ttl?.[1]).toMatchObject({ expireAfterSeconds: 0 });
});
