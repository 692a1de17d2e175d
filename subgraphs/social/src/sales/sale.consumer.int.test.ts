import { orderPlaced } from '@vitrine/events/orders';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { social } from '../index.ts';
import { aRoom, listen } from '../world.fixture.ts';

const test = subgraphTest(social);

const price = { minor: '1990', currencyCode: 'EUR' };

const order = (roomId: string, productIds: readonly string[]) => ({
  orderId: 'ord_1',
  checkoutId: 'chk_1',
  buyerId: 'usr_1',
  buyerAlias: 'A***n',
  shopId: 'shp_1',
  market: 'DE',
  lines: productIds.map((productId, at) => ({
    orderLineId: `oln_${at}`,
    productId,
    variantId: `var_${at}`,
    sku: 'S',
    title: 'Boots',
    price,
    source: { kind: 'LIVE_ROOM' as const, id: roomId },
  })),
  shippingOptionId: 'shi_1',
  total: price,
});

test('everybody in the room sees a sale once, though the fact comes twice, and only of what is in the bag', async ({
  subgraph,
  expect,
}) => {
  const { roomId, productIds } = await aRoom(subgraph, { products: 2 });
  const [boots = '', hat = ''] = productIds;
  const listener = await listen(subgraph, roomId, '1-0');
  subgraph.work();
  const payload = order(roomId, [boots, 'prd_foreign', boots, hat]);
  const fact = { aggregateId: 'ord_1', aggregateVersion: 1, payload };
  const id = await subgraph.deliver('social.sales', orderPlaced, fact);
  await subgraph.quiet();
  await subgraph.deliver('social.sales', orderPlaced, { ...fact, id });
  const stranger = order(roomId, ['prd_foreign']);
  await subgraph.deliver('social.sales', orderPlaced, { ...fact, payload: stranger });
  await subgraph.deliver('social.sales', orderPlaced, {
    ...fact,
    payload: order('liv_none', [boots]),
  });
  await subgraph.quiet();

  expect(await listener.take(2)).toEqual([
    {
      __typename: 'ProductSold',
      cursor: '2-0',
      product: { id: boots },
      title: 'Boots',
      thumbnailUrl: 'https://media.test/boots.png',
      price: { amount: '19.90' },
      quantity: 2,
      buyerName: 'A***n',
    },
    expect.objectContaining({ cursor: '3-0', product: { id: hat }, quantity: 1 }),
  ]);
  await listener.pulse(({ orderCount }) => orderCount === 1);
  await listener.leave();
  const shown = await subgraph.execute('query ($id: ID!) { liveRoom(id: $id) { orderCount } }', {
    id: roomId,
  });
  expect(shown.data?.['liveRoom']).toEqual({ orderCount: 1 });
  const late = await listen(subgraph, roomId, '1-0');
  expect(await late.take(2)).toHaveLength(2);
  await late.leave();
});
