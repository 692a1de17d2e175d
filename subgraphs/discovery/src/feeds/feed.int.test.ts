import { DAY } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { discovery } from '../index.ts';
import { list, visits } from './suggestions.world.ts';

const test = subgraphTest(discovery).extend<{ readonly today: Date }>({
  // The database forgets by its own clock: rows of a standing clock's past would go while a test runs.
  today: [
    async ({ subgraph: { clock } }, use) => use(clock.advance(Date.now() - clock.now().getTime())),
    { auto: true },
  ],
});

const me = aViewer({ userId: 'usr_me' });
const nodes = 'nodes { product { id } reason { kind text because { id } } }';
const feed = `query ($of: [_Any!]!, $first: Int = 100, $after: String, $market: MarketCode = "GB") {
  _entities(representations: $of) { ... on Viewer {
    recommendedProducts(market: $market, first: $first, after: $after) {
      ${nodes} pageInfo { endCursor hasNextPage } } } } }`;
interface Page {
  readonly nodes: readonly {
    readonly product: { readonly id: string };
    readonly reason: { kind: string; text: string; because: { id: string } | null };
  }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

async function feedOf(
  subgraph: TestSubgraph,
  variables: Record<string, unknown> = {},
  viewer = me,
): Promise<Page> {
  const of = [{ __typename: 'Viewer', id: viewer.userId }];
  const { data, errors } = await subgraph.execute(feed, { of, ...variables }, viewer);
  if (errors) throw errors[0];
  return data?._entities[0].recommendedProducts;
}

const ids = (page: Page) => page.nodes.map(({ product }) => product.id);

test('a new viewer gets what is trending, then what is new', async ({ subgraph, expect }) => {
  for (const id of ['a', 'b', 'c', 'd']) await list(subgraph.services, id);
  await visits(subgraph.services, 'usr_1', 'LIKE', 'b');
  await visits(subgraph.services, 'usr_2', 'VIEW', 'a', 'b');

  const page = await feedOf(subgraph);

  expect(page.nodes.map(({ product, reason }) => [product.id, reason.kind])).toEqual([
    ['b', 'TRENDING'],
    ['a', 'TRENDING'],
    ['d', 'NEW_ARRIVAL'],
    ['c', 'NEW_ARRIVAL'],
  ]);
});

test('what others looked at beside it is recommended, with the reason', async ({
  subgraph,
  expect,
}) => {
  for (const id of ['boots', 'socks']) await list(subgraph.services, id);
  await list(subgraph.services, 'lamp', { category: 'lamps' });
  for (const n of [1, 2, 3]) await visits(subgraph.services, `usr_${n}`, 'VIEW', 'boots', 'socks');
  await visits(subgraph.services, 'usr_4', 'PURCHASE', 'lamp');

  await visits(subgraph.services, 'usr_me', 'VIEW', 'boots');

  const [first] = (await feedOf(subgraph)).nodes;
  expect(first).toEqual({
    product: { id: 'socks' },
    reason: {
      kind: 'BECAUSE_YOU_VIEWED',
      text: 'Because you viewed The boots',
      because: { id: 'boots' },
    },
  });
});

test('from event to changed feed it takes well under a second', async ({ subgraph, expect }) => {
  for (let n = 0; n < 40; n += 1) await list(subgraph.services, `p${n}`);
  for (let n = 0; n < 30; n += 1) {
    await visits(subgraph.services, `usr_${n}`, 'VIEW', `p${n}`, `p${n + 1}`, `p${n + 2}`);
  }
  const liked = subgraph.services.newId('prd');
  await list(subgraph.services, liked);
  await visits(subgraph.services, 'usr_x', 'VIEW', liked, 'p5');
  subgraph.work();
  await subgraph.quiet();
  const before = await feedOf(subgraph);
  const input = {
    events: [
      { kind: 'LIKE', productId: liked, market: 'GB', at: subgraph.clock.now().toISOString() },
    ],
  };

  const start = performance.now();
  await subgraph.execute(
    'mutation ($input: RecordEventsInput!) { recordEvents(input: $input) { accepted } }',
    { input },
    me,
  );
  await expect
    .poll(async () => (await feedOf(subgraph)).nodes[0], { interval: 5, timeout: 10_000 })
    .toMatchObject({ product: { id: 'p5' }, reason: { because: { id: liked } } });

  const took = performance.now() - start;
  expect(before.nodes.every(({ reason }) => reason.because === null)).toBe(true);
  expect(took).toBeLessThan(1_000);
});

test('a dismissal outlives Redis once it is absorbed', async ({ subgraph, expect }) => {
  for (const id of ['a', 'b']) await list(subgraph.services, id);
  await visits(subgraph.services, 'usr_1', 'VIEW', 'a', 'b');
  await visits(subgraph.services, 'usr_me', 'DISMISS', 'a');
  await subgraph.services.redis.del(subgraph.services.key('dismissed', 'usr_me'));

  expect(ids(await feedOf(subgraph))).toEqual(['b']);
});

test('what was just bought is not recommended for 30 days', async ({ subgraph, expect }) => {
  for (const id of ['a', 'b']) await list(subgraph.services, id);
  await visits(subgraph.services, 'usr_1', 'VIEW', 'a', 'b');
  await visits(subgraph.services, 'usr_me', 'PURCHASE', 'a');
  expect(ids(await feedOf(subgraph))).toEqual(['b']);

  subgraph.clock.advance(31 * DAY);

  expect(ids(await feedOf(subgraph))).toContain('a');
});

test('pages of one reading belong together while the feed changes', async ({
  subgraph,
  expect,
}) => {
  for (let n = 10; n < 30; n += 1) await list(subgraph.services, `p${n}`);
  await visits(subgraph.services, 'usr_1', 'VIEW', 'p10', 'p11', 'p12', 'p13');
  const whole = ids(await feedOf(subgraph));

  const first = await feedOf(subgraph, { first: 8 });
  await visits(subgraph.services, 'usr_me', 'LIKE', 'p10', 'p20');
  expect(ids(await feedOf(subgraph))).not.toEqual(whole);
  const second = await feedOf(subgraph, { first: 8, after: first.pageInfo.endCursor });
  const third = await feedOf(subgraph, { first: 8, after: second.pageInfo.endCursor });

  expect([...ids(first), ...ids(second), ...ids(third)]).toEqual(whole);
  expect([first, second, third].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([
    true,
    true,
    false,
  ]);
});

test('a feed survives the loss of Redis', async ({ subgraph, expect }) => {
  const { redis, key } = subgraph.services;
  for (const id of ['boots', 'socks', 'lamp']) await list(subgraph.services, id);
  await visits(subgraph.services, 'usr_1', 'VIEW', 'boots', 'socks');
  await visits(subgraph.services, 'usr_me', 'VIEW', 'boots');
  const before = await feedOf(subgraph);

  await redis.del(
    key('feed', 'usr_me', 'GB'),
    key('trends', 'GB'),
    key('trends-mended', 'GB'),
    ...(await redis.keys(key('feed-version', '*'))),
  );

  expect(await feedOf(subgraph)).toEqual(before);
});

test('a feed is for its viewer only', async ({ subgraph, expect }) => {
  await list(subgraph.services, 'a');
  const of = [{ __typename: 'Viewer', id: 'usr_me' }];

  const other = await subgraph.execute(feed, { of }, aViewer());
  const guest = await subgraph.execute(feed, { of });

  expect(other.data?._entities).toEqual([{ recommendedProducts: null }]);
  expect(guest.data?._entities).toEqual([{ recommendedProducts: null }]);
});

test('another’s cursor reads one’s own feed', async ({ subgraph, expect }) => {
  for (const id of ['a', 'b', 'c']) await list(subgraph.services, id);
  await visits(subgraph.services, 'usr_me', 'DISMISS', 'c');
  const other = aViewer();
  const { pageInfo } = await feedOf(subgraph, { first: 1 }, other);

  const page = await feedOf(subgraph, { first: 5, after: pageInfo.endCursor });

  expect(ids(page)).not.toContain('c');
});

test.for([
  [{ first: 101 }, 'PAGE_SIZE_INVALID'],
  [{ after: 'x' }, 'CURSOR_INVALID'],
  [{ after: Buffer.from('["v",-1]').toString('base64url') }, 'CURSOR_INVALID'],
  [{ market: 'XX' }, 'UNKNOWN_MARKET'],
] as const)(
  'a feed asked for with %o is the error %s',
  async ([variables, code], { subgraph, expect }) => {
    const of = [{ __typename: 'Viewer', id: 'usr_me' }];

    const { errors } = await subgraph.execute(feed, { of, ...variables }, me);

    expect(errors?.[0]?.extensions['code']).toBe(code);
  },
);
