import { orderPlaced } from '@vitrine/events/orders';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { social } from '../index.ts';
import { seedSocial } from '../seed.ts';
import { aRoom, knownProducts, listen, say, tell } from '../world.fixture.ts';

const test = subgraphTest(social);
const samples = { prices: [{ market: 'ZZ', minor: '450', currencyCode: 'XTS' }] };

const LISTS = `query ($market: MarketCode!) {
  liveRooms(market: $market, first: 10) { nodes { id } }
  videos(market: $market, first: 10) { nodes { id } }
}`;

async function listed({ execute }: TestSubgraph, market: string) {
  const { data, errors } = await execute(LISTS, { market });
  if (errors?.[0]) throw errors[0];
  const idsOf = ({ nodes }: { nodes: readonly { id: string }[] }) => nodes.map(({ id }) => id);
  return { rooms: idsOf(data?.['liveRooms']), videos: idsOf(data?.['videos']) };
}

test('rooms and videos of the test market are listed there, and real ones elsewhere', async ({
  subgraph,
  expect,
}) => {
  const { services } = subgraph;
  const real = await aRoom(subgraph);
  const tried = await aRoom(subgraph, { products: 0, market: 'ZZ' });
  const videos = ['DE', 'ZZ'].map((market) => ({
    videoId: services.newId('vid'),
    authorUserId: real.host.userId,
    title: 'Boots',
    market,
    productIds: [],
    thumbnailUrl: null,
  }));
  await seedSocial(services, { videos });

  expect(await listed(subgraph, 'DE')).toEqual({
    rooms: [real.roomId],
    videos: [videos[0]?.videoId],
  });
  expect(await listed(subgraph, 'ZZ')).toEqual({
    rooms: [tried.roomId],
    videos: [videos[1]?.videoId],
  });
});

test('no sample comes into a real room, and nothing real into a test room', async ({
  subgraph,
  expect,
}) => {
  const real = await aRoom(subgraph);
  const tried = await aRoom(subgraph, { products: 0, market: 'ZZ' });
  const [sample = ''] = await knownProducts(subgraph, 1, samples);
  const [boots = ''] = await knownProducts(subgraph, 1);
  const put = ({ host, roomId }: typeof real, productId: string) =>
    tell(subgraph, host, 'addToBag', { roomId, productIds: [productId] });
  const unavailable = [expect.objectContaining({ code: 'PRODUCT_UNAVAILABLE' })];

  expect((await put(real, sample))['userErrors']).toEqual(unavailable);
  expect((await put(tried, boots))['userErrors']).toEqual(unavailable);
  expect((await put(tried, sample))['userErrors']).toEqual([]);
});

test('a test order that names a real room is not announced there as a sale', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  const { roomId, host } = await aRoom(subgraph);
  const [sample = ''] = await knownProducts(subgraph, 1, samples);
  const viewer = await listen(subgraph, roomId);
  await subgraph.deliver('social.sales', orderPlaced, {
    aggregateId: 'ord_1',
    aggregateVersion: 1,
    payload: {
      orderId: 'ord_1',
      checkoutId: 'chk_1',
      buyerId: 'usr_1',
      buyerAlias: 'A***n',
      shopId: 'shp_t',
      market: 'ZZ',
      lines: [
        {
          orderLineId: 'oln_1',
          productId: sample,
          variantId: 'var_1',
          sku: 'SAMPLE-MUG',
          title: 'Sample mug',
          price: { minor: '450', currencyCode: 'XTS' },
          source: { kind: 'LIVE_ROOM', id: roomId },
        },
      ],
      shippingOptionId: 'standard-zz-zz',
      total: { minor: '950', currencyCode: 'XTS' },
    },
  });
  await subgraph.quiet();
  await say(subgraph, host, { subjectId: roomId, text: 'The next thing that happens.' });

  // What was before the order comes first: that the room is on air.
  expect((await viewer.take(2)).map(({ __typename: type }) => type)).toEqual([
    'RoomStateChanged',
    'CommentPosted',
  ]);
  await viewer.leave();
  const { data } = await subgraph.execute('query ($id: ID!) { liveRoom(id: $id) { orderCount } }', {
    id: roomId,
  });
  expect(data?.['liveRoom'].orderCount).toBe(0);
});
