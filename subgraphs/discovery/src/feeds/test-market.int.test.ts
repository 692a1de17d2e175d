import { orderPlaced } from '@vitrine/events/orders';
import { MINUTE, plus } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { discovery } from '../index.ts';
import { absorber } from '../signals/absorb-batches.worker.ts';
import { batchStream } from '../signals/batch.stream.ts';
import { list, visits } from './suggestions.world.ts';

const test = subgraphTest(discovery).extend<{ readonly today: Date }>({
  // The database forgets by its own clock: rows of a standing clock's past would go while a test runs.
  today: [
    async ({ subgraph: { clock } }, use) => use(clock.advance(Date.now() - clock.now().getTime())),
    { auto: true },
  ],
});

const me = aViewer({ userId: 'usr_me' });
const LISTS = `query ($of: [_Any!]!, $market: MarketCode!) {
  trendingProducts(market: $market, first: 10) { nodes { product { id } } }
  _entities(representations: $of) {
    ... on Viewer { recommendedProducts(market: $market, first: 10) { nodes { product { id } } } }
    ... on Product { relatedProducts(first: 10) { nodes { product { id } } } }
  }
}`;

interface Nodes {
  readonly nodes: readonly { readonly product: { readonly id: string } }[];
}
const idsOf = ({ nodes }: Nodes) => nodes.map(({ product }) => product.id).toSorted();

async function shown({ execute }: TestSubgraph, market: string, productId: string) {
  const of = [
    { __typename: 'Viewer', id: me.userId },
    { __typename: 'Product', id: productId },
  ];
  const { data, errors } = await execute(LISTS, { of, market }, me);
  if (errors?.[0]) throw errors[0];
  const [viewer, product] = data?.['_entities'] ?? [];
  return {
    trending: idsOf(data?.['trendingProducts']),
    recommended: idsOf(viewer.recommendedProducts),
    related: idsOf(product.relatedProducts),
  };
}

test('samples are suggested in the test market alone, and real goods in real ones', async ({
  subgraph,
  expect,
}) => {
  const { services } = subgraph;
  for (const id of ['prd_a', 'prd_b']) await list(services, id);
  for (const id of ['prd_x', 'prd_y']) await list(services, id, { markets: ['ZZ'] });
  await visits(services, me.userId, 'LIKE', 'prd_a', 'prd_b');
  await batchStream(services).append([
    {
      id: 'tried',
      viewerId: me.userId,
      signals: ['prd_x', 'prd_y'].map((productId) => ({
        kind: 'LIKE',
        productId,
        market: 'ZZ',
        at: plus(services.clock(), -MINUTE),
        dwellMs: null,
      })),
    },
  ]);
  await absorber(services, async () => {})();

  expect(await shown(subgraph, 'GB', 'prd_a')).toEqual({
    trending: ['prd_a', 'prd_b'],
    recommended: ['prd_a', 'prd_b'],
    related: ['prd_b'],
  });
  expect(await shown(subgraph, 'ZZ', 'prd_x')).toEqual({
    trending: ['prd_x', 'prd_y'],
    recommended: ['prd_x', 'prd_y'],
    related: ['prd_y'],
  });
});

test('a test order makes nothing popular that is real, and hides nothing from its buyer', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  const { services } = subgraph;
  await list(services, 'prd_a');
  await list(services, 'prd_x', { markets: ['ZZ'] });
  await subgraph.deliver('discovery.purchases', orderPlaced, {
    aggregateId: 'ord_1',
    aggregateVersion: 1,
    payload: {
      orderId: 'ord_1',
      checkoutId: 'chk_1',
      buyerId: me.userId,
      buyerAlias: 'A***n',
      shopId: 'shp_1',
      market: 'ZZ',
      lines: [
        {
          orderLineId: 'oln_1',
          productId: 'prd_x',
          variantId: 'var_prd_x',
          sku: 's',
          title: 'Sample',
          price: { minor: '1', currencyCode: 'XTS' },
          source: null,
        },
      ],
      shippingOptionId: 'standard-zz-zz',
      total: { minor: '1', currencyCode: 'XTS' },
    },
  });
  await subgraph.quiet();
  await absorber(services, async () => {})();

  expect((await shown(subgraph, 'GB', 'prd_a')).trending).toEqual([]);
  expect(await shown(subgraph, 'ZZ', 'prd_x')).toMatchObject({
    trending: ['prd_x'],
    recommended: ['prd_x'],
  });
});
