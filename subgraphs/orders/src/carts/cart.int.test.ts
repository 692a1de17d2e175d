import { subgraphTest } from '@vitrine/testkit/subgraph';
import { aBuyer, documents, fill, run, sell } from '../../test/world.ts';
import { orders } from '../index.ts';

const test = subgraphTest(orders);
const anna = aBuyer();
const bert = aBuyer('bert');

const add = (subgraph: Parameters<typeof run>[0], input: object, buyer = anna) =>
  run(subgraph, 'addToCart', { input: { quantity: 1, market: 'DE', ...input } }, buyer);

test('a cart shows its lines shop by shop, with prices, shipping and what ordering would cost', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [
    { variantId: 'var_1', shopId: 'shp_1', minor: '1000' },
    { variantId: 'var_2', shopId: 'shp_2', minor: '500' },
  ]);

  const cart = await fill(subgraph, anna, ['var_1', 'var_2'], 2);

  expect(cart).toMatchObject({
    market: 'DE',
    quantity: 4,
    subtotal: { amount: '30.00', currencyCode: 'EUR' },
    total: { amount: '37.98' },
    lines: [
      { title: 'Ding var_1', unitPrice: { amount: '10.00' }, total: { amount: '20.00' } },
      { title: 'Ding var_2', unitPrice: { amount: '5.00' }, total: { amount: '10.00' } },
    ],
    shops: [
      { shop: { id: 'shp_1' }, weightGrams: 800, subtotal: { amount: '20.00' } },
      { shop: { id: 'shp_2' }, weightGrams: 800, subtotal: { amount: '10.00' } },
    ],
  });
  expect(cart.shops[0].shippingOptions[0].price).toEqual({ amount: '3.99' });
});

test('what cannot be put in is refused with its reason', async ({ subgraph, expect }) => {
  subgraph.work();
  await sell(subgraph, [
    { variantId: 'var_1' },
    { variantId: 'var_2' },
    { variantId: 'var_3' },
    { variantId: 'var_gone', isActive: false },
    { variantId: 'var_fr', market: 'FR' },
  ]);
  const source = { kind: 'VIDEO', id: 'liv_01JNYZ8V4D0000000000000000' };

  const cases: [object, object[]][] = [
    [{ variantId: 'var_none' }, [{ code: 'NOT_FOUND', path: ['input', 'variantId'] }]],
    [{ variantId: 'var_gone' }, [{ code: 'PRODUCT_UNAVAILABLE' }]],
    [{ variantId: 'var_fr' }, [{ code: 'PRODUCT_UNAVAILABLE' }]],
    [{ variantId: 'var_1', quantity: 0 }, [{ code: 'QUANTITY_OUT_OF_RANGE' }]],
    [
      { variantId: 'var_1', quantity: 1000, market: 'XX', source },
      [
        { code: 'QUANTITY_OUT_OF_RANGE', path: ['input', 'quantity'] },
        { code: 'UNKNOWN_MARKET', path: ['input', 'market'] },
        { code: 'INVALID_SOURCE', path: ['input', 'source', 'id'] },
      ],
    ],
  ];
  for (const [input, userErrors] of cases) {
    expect(await add(subgraph, input)).toMatchObject({ cart: null, userErrors });
  }

  await fill(subgraph, anna, ['var_1', 'var_2'], 99);
  expect((await add(subgraph, { variantId: 'var_fr', market: 'FR' })).userErrors).toMatchObject([
    { code: 'CART_IN_OTHER_MARKET' },
  ]);
  expect((await add(subgraph, { variantId: 'var_3', quantity: 3 })).userErrors).toMatchObject([
    { code: 'CART_FULL' },
  ]);
});

test('another buyer’s cart is as if it did not exist', async ({ subgraph, expect }) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);
  const { id: cartId } = await fill(subgraph, anna, ['var_1']);
  const notFound = { cart: null, userErrors: [{ code: 'NOT_FOUND' }] };
  const change = { input: { cartId, variantId: 'var_1', quantity: 5 } };
  const remove = { input: { cartId, variantId: 'var_1' } };

  expect(await run(subgraph, 'changeCartLine', change, bert)).toMatchObject(notFound);
  expect(await run(subgraph, 'removeCartLine', remove, bert)).toMatchObject(notFound);
  const of = [
    { __typename: 'Cart', id: cartId },
    { __typename: 'Viewer', id: anna.userId },
  ];
  const entities = `query ($of: [_Any!]!) { _entities(representations: $of) {
    ... on Cart { quantity } ... on Viewer { cart { id } addresses { id } orders(first: 1) { nodes { id } } } } }`;
  expect((await subgraph.execute(entities, { of }, bert)).data?._entities).toEqual([
    null,
    { cart: null, addresses: null, orders: null },
  ]);
  expect((await subgraph.execute(entities, { of }, anna)).data?._entities[0]).toEqual({
    quantity: 1,
  });
});

test('a line is changed, taken out, and what became unavailable is shown as such', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }, { variantId: 'var_2' }]);
  const { id: cartId } = await fill(subgraph, anna, ['var_1', 'var_2']);
  await sell(subgraph, [{ variantId: 'var_2', isActive: false, version: 2 }]);
  const line = { cartId, variantId: 'var_1' };

  const refused = await run(
    subgraph,
    'changeCartLine',
    { input: { ...line, quantity: 100 } },
    anna,
  );
  const changed = await run(subgraph, 'changeCartLine', { input: { ...line, quantity: 3 } }, anna);
  const removed = await run(subgraph, 'removeCartLine', { input: line }, anna);

  expect(refused.userErrors).toMatchObject([{ code: 'QUANTITY_OUT_OF_RANGE' }]);
  expect(changed.cart).toMatchObject({
    total: null,
    subtotal: { amount: '59.70' },
    lines: [
      { quantity: 3, isAvailable: true },
      { quantity: 1, isAvailable: false, unitPrice: null },
    ],
  });
  expect(removed.cart.lines).toMatchObject([{ variant: { id: 'var_2' } }]);
  const again = await run(subgraph, 'removeCartLine', { input: line }, anna);
  expect(again.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('five calls at once put five units into one cart', async ({ subgraph, expect }) => {
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1' }]);

  await Promise.all(Array.from({ length: 5 }, () => add(subgraph, { variantId: 'var_1' })));

  const of = [{ __typename: 'Viewer', id: anna.userId }];
  const { data } = await subgraph.execute(documents.cart, { of }, anna);
  expect(data?._entities[0].cart).toMatchObject({ quantity: 5, version: 5 });
});
