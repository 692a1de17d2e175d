import { orderCancelled, orderPlaced } from '@vitrine/events/orders';
import { contentPublished } from '@vitrine/events/social';
import { DAY } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer, staffOf } from '@vitrine/testkit/viewers';
import { affiliate } from '../index.ts';
import { seedAffiliate } from '../seed.ts';

const test = subgraphTest(affiliate).extend<{ readonly today: Date }>({
  // The database forgets by its own clock: rows of a standing clock's past would go while a test runs.
  today: [
    async ({ subgraph: { clock } }, use) => use(clock.advance(Date.now() - clock.now().getTime())),
    { auto: true },
  ],
});

const creator = aViewer({ userId: 'usr_creator' });
const room = { kind: 'LIVE_ROOM', id: 'liv_1' } as const;

const earned = `query ($states: [CommissionState!], $soldSince: DateTime, $first: Int = 50, $after: String) {
  creator(id: "cre_1") {
    balances { amount currencyCode }
    commissions(first: $first, after: $after, states: $states, soldSince: $soldSince) {
      nodes {
        id state rateBps rejection amount { amount } base { amount } refunded { amount }
        product { id } collaboration { id } source { __typename ... on LiveRoom { id } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const world = (subgraph: TestSubgraph) =>
  seedAffiliate(subgraph.services, {
    creators: [
      { creatorId: 'cre_1', userId: 'usr_creator', displayName: 'Ayu', markets: ['ID'] },
      { creatorId: 'cre_2', userId: 'usr_other', displayName: 'Bo', markets: ['ID'] },
    ],
    collaborations: [
      { collaborationId: 'col_1', productId: 'prd_1', shopId: 'shp_1', commissionBps: 1_500 },
    ],
    partnerships: [{ collaborationId: 'col_1', creatorId: 'cre_1' }],
  });

const publish = (subgraph: TestSubgraph, authorUserId = 'usr_creator') =>
  subgraph.deliver('affiliate.content', contentPublished, {
    aggregateId: 'liv_1',
    aggregateVersion: 1,
    payload: { kind: 'LIVE_ROOM', contentId: 'liv_1', authorUserId, market: 'ID' },
  });

interface Unit {
  readonly orderLineId: string;
  readonly productId?: string;
  readonly minor?: string;
  readonly source?: typeof room | null;
}

const order = {
  orderId: 'ord_1',
  checkoutId: 'chk_1',
  buyerId: 'usr_buyer',
  shopId: 'shp_1',
  market: 'ID',
};

const place = (
  subgraph: TestSubgraph,
  units: readonly Unit[],
  { id, ...own }: Partial<typeof order> & { readonly id?: string } = {},
) =>
  subgraph.deliver('affiliate.commissions', orderPlaced, {
    ...(id === undefined ? {} : { id }),
    aggregateId: own.orderId ?? order.orderId,
    aggregateVersion: 1,
    payload: {
      ...order,
      ...own,
      buyerAlias: 'A***n',
      shippingOptionId: 'standard',
      total: { minor: '1999', currencyCode: 'EUR' },
      lines: units.map(({ orderLineId, productId = 'prd_1', minor = '1999', source = room }) => ({
        orderLineId,
        productId,
        variantId: 'var_1',
        sku: 'S',
        title: 'Boots',
        price: { minor, currencyCode: 'EUR' },
        source,
      })),
    },
  });

const cancel = (subgraph: TestSubgraph, refunds: Readonly<Record<string, string>>, id?: string) =>
  subgraph.deliver('affiliate.commissions', orderCancelled, {
    ...(id === undefined ? {} : { id }),
    aggregateId: 'ord_1',
    aggregateVersion: 2,
    payload: {
      ...order,
      lines: Object.entries(refunds).map(([orderLineId, minor]) => ({
        orderLineId,
        productId: 'prd_1',
        variantId: 'var_1',
        refunded: { minor, currencyCode: 'EUR' },
      })),
    },
  });

async function earnings(subgraph: TestSubgraph, variables: Record<string, unknown> = {}) {
  const { data, errors } = await subgraph.execute(earned, variables, creator);
  if (errors) throw errors[0];
  return data?.creator;
}

test('a unit sold in a creator’s room accrues commission at the rate of that moment', async ({
  subgraph,
  expect,
}) => {
  await world(subgraph);
  subgraph.work();
  await publish(subgraph);
  await subgraph.quiet();

  await place(subgraph, [{ orderLineId: 'oln_1' }, { orderLineId: 'oln_2', source: null }]);
  await subgraph.quiet();

  expect(await earnings(subgraph)).toMatchObject({
    balances: [{ amount: '2.99', currencyCode: 'EUR' }],
    commissions: {
      nodes: [
        {
          state: 'ACCRUED',
          rateBps: 1_500,
          rejection: null,
          amount: { amount: '2.99' },
          base: { amount: '19.99' },
          refunded: { amount: '0.00' },
          product: { id: 'prd_1' },
          collaboration: { id: 'col_1' },
          source: { __typename: 'LiveRoom', id: 'liv_1' },
        },
      ],
    },
  });
});

test('a later change of the rate leaves the snapshot alone', async ({ subgraph, expect }) => {
  await world(subgraph);
  subgraph.work();
  await publish(subgraph);
  await place(subgraph, [{ orderLineId: 'oln_1' }]);
  await subgraph.quiet();
  subgraph.clock.advance(DAY);

  await subgraph.execute(
    'mutation ($input: ChangeCommissionInput!) { changeCommission(input: $input) { userErrors { __typename } } }',
    { input: { collaborationId: 'col_1', commissionBps: 3_000, expectedVersion: 1 } },
    staffOf('shp_1'),
  );
  await place(subgraph, [{ orderLineId: 'oln_2' }], { orderId: 'ord_2' });
  await subgraph.quiet();

  const { commissions } = await earnings(subgraph);
  expect(commissions.nodes.map(({ rateBps }: { rateBps: number }) => rateBps)).toEqual([
    3_000, 1_500,
  ]);
});

test('an order and its cancellation told twice have one effect each', async ({
  subgraph,
  expect,
}) => {
  await world(subgraph);
  subgraph.work();
  await publish(subgraph);
  for (const id of ['evt_1', 'evt_1', 'evt_2'])
    await place(subgraph, [{ orderLineId: 'oln_1' }], { id });
  await subgraph.quiet();
  for (const id of ['evt_3', 'evt_3']) await cancel(subgraph, { oln_1: '999' }, id);
  await subgraph.quiet();

  const { balances, commissions } = await earnings(subgraph);
  expect(commissions.nodes).toHaveLength(1);
  expect(balances).toEqual([{ amount: '1.50', currencyCode: 'EUR' }]);
});

test('a cancelled order leaves no commission', async ({ subgraph, expect }) => {
  await world(subgraph);
  subgraph.work();
  await publish(subgraph);
  await place(subgraph, [{ orderLineId: 'oln_1' }]);
  await subgraph.quiet();

  await cancel(subgraph, { oln_1: '1999' });
  await subgraph.quiet();

  expect(await earnings(subgraph)).toMatchObject({
    balances: [],
    commissions: {
      nodes: [{ state: 'REVERSED', amount: { amount: '0.00' }, refunded: { amount: '19.99' } }],
    },
  });
});

const told = {
  publication: (subgraph: TestSubgraph) => publish(subgraph),
  sale: (subgraph: TestSubgraph) => place(subgraph, [{ orderLineId: 'oln_1' }]),
  refund: (subgraph: TestSubgraph) => cancel(subgraph, { oln_1: '1999' }),
};

test.for([
  ['publication', 'sale', 'refund'],
  ['publication', 'refund', 'sale'],
  ['sale', 'publication', 'refund'],
  ['sale', 'refund', 'publication'],
  ['refund', 'publication', 'sale'],
  ['refund', 'sale', 'publication'],
] as const)('%s, then %s, then %s ends reversed', async (facts, { subgraph, expect }) => {
  await world(subgraph);
  subgraph.work();

  for (const fact of facts) {
    await told[fact](subgraph);
    await subgraph.quiet();
  }

  expect(await earnings(subgraph)).toMatchObject({
    balances: [],
    commissions: { nodes: [{ state: 'REVERSED', amount: { amount: '0.00' } }] },
  });
});

test('publication, sales and refunds told all at once lose none', async ({ subgraph, expect }) => {
  await world(subgraph);
  subgraph.work();
  const lines = Array.from({ length: 20 }, (_, index) => `oln_${index}`);

  await Promise.all([
    ...lines.flatMap((orderLineId, index) => [
      place(subgraph, [{ orderLineId }], { orderId: `ord_${index}` }),
      ...(index % 2 === 0 ? [cancel(subgraph, { [orderLineId]: '1999' })] : []),
    ]),
    publish(subgraph),
  ]);
  await subgraph.quiet();

  const { balances, commissions } = await earnings(subgraph);
  expect(balances).toEqual([{ amount: '29.90', currencyCode: 'EUR' }]);
  expect(
    Map.groupBy(commissions.nodes, ({ state }: { state: string }) => state).get('REVERSED'),
  ).toHaveLength(10);
  expect(commissions.nodes).toHaveLength(20);
});

test('what a creator buys through their own room is recorded as rejected', async ({
  subgraph,
  expect,
}) => {
  await world(subgraph);
  subgraph.work();
  await publish(subgraph);
  await subgraph.quiet();

  await place(subgraph, [{ orderLineId: 'oln_1' }], { buyerId: 'usr_creator' });
  await subgraph.quiet();

  expect(await earnings(subgraph)).toMatchObject({
    balances: [],
    commissions: { nodes: [{ state: 'REJECTED', rejection: 'SELF_PURCHASE' }] },
  });
});

test.for([
  ['a product the creator has not joined for', { productId: 'prd_2' }, {}, 'usr_creator'],
  ['a product of that id from another shop', {}, { shopId: 'shp_2' }, 'usr_creator'],
  ['content of a creator who has not joined', {}, {}, 'usr_other'],
  ['content of somebody who is no creator', {}, {}, 'usr_nobody'],
] as const)('%s earns nobody anything', async ([, unit, own, author], { subgraph, expect }) => {
  await world(subgraph);
  subgraph.work();
  await publish(subgraph, author);
  await subgraph.quiet();

  await place(subgraph, [{ orderLineId: 'oln_1', ...unit }], own);
  await subgraph.quiet();

  expect((await earnings(subgraph)).commissions.nodes).toEqual([]);
});

test('commissions are filtered by state and time and paged without gap or repeat', async ({
  subgraph,
  expect,
}) => {
  await world(subgraph);
  subgraph.work();
  await publish(subgraph);
  await subgraph.quiet();
  const moments: string[] = [];
  for (const orderLineId of ['oln_1', 'oln_2', 'oln_3']) {
    moments.push(subgraph.clock.advance(DAY).toISOString());
    await place(subgraph, [{ orderLineId }], { orderId: `ord_${orderLineId}` });
    await subgraph.quiet();
  }
  await cancel(subgraph, { oln_2: '1999' });
  await subgraph.quiet();

  const all = (await earnings(subgraph)).commissions.nodes;
  const first = (await earnings(subgraph, { first: 2 })).commissions;
  const second = (await earnings(subgraph, { first: 2, after: first.pageInfo.endCursor }))
    .commissions;
  const accrued = (await earnings(subgraph, { states: ['ACCRUED'] })).commissions.nodes;
  const late = (await earnings(subgraph, { soldSince: moments[1] })).commissions.nodes;

  expect(all).toHaveLength(3);
  expect([...first.nodes, ...second.nodes]).toEqual(all);
  expect(second.pageInfo.hasNextPage).toBe(false);
  expect(accrued).toEqual([all[0], all[2]]);
  expect(late).toEqual(all.slice(0, 2));
});

test('a commission is found by its id by its creator only', async ({ subgraph, expect }) => {
  await world(subgraph);
  subgraph.work();
  await publish(subgraph);
  await place(subgraph, [{ orderLineId: 'oln_1' }]);
  await subgraph.quiet();
  const [{ id }] = (await earnings(subgraph)).commissions.nodes;
  const find = `query ($of: [_Any!]!) {
    _entities(representations: $of) { ... on Commission { id } } }`;
  const of = [{ __typename: 'Commission', id }];

  const own = await subgraph.execute(find, { of }, creator);
  const other = await subgraph.execute(find, { of }, aViewer({ userId: 'usr_other' }));
  const guest = await subgraph.execute(find, { of });

  expect(own.data?._entities).toEqual([{ id }]);
  expect(other.data?._entities).toEqual([null]);
  expect(guest.data?._entities).toEqual([null]);
});
