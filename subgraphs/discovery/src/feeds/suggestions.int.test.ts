import { MINUTE } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import fc from 'fast-check';
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
const related = `query ($of: [_Any!]!, $first: Int = 12, $after: String, $market: MarketCode) {
  _entities(representations: $of) { ... on Product {
    relatedProducts(first: $first, after: $after, market: $market) {
      ${nodes} pageInfo { endCursor hasNextPage } } } } }`;
const trending = `query ($first: Int = 100, $after: String, $category: String) {
  trendingProducts(market: "GB", first: $first, after: $after, category: $category) {
    ${nodes} pageInfo { endCursor hasNextPage } } }`;

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

async function relatedTo(
  subgraph: TestSubgraph,
  id: string,
  variables: Record<string, unknown> = {},
): Promise<Page> {
  const of = [{ __typename: 'Product', id }];
  const { data, errors } = await subgraph.execute(related, { of, ...variables }, me);
  if (errors) throw errors[0];
  return data?._entities[0].relatedProducts;
}

async function trendOf(
  subgraph: TestSubgraph,
  variables: Record<string, unknown> = {},
  viewer: typeof me | null = null,
): Promise<Page> {
  const { data, errors } = await subgraph.execute(trending, variables, viewer);
  if (errors) throw errors[0];
  return data?.trendingProducts;
}

const ids = (page: Page) => page.nodes.map(({ product }) => product.id);

test('a dismissal holds from the moment it is answered', async ({ subgraph, expect }) => {
  const unwanted = subgraph.services.newId('prd');
  for (const id of [unwanted, 'other']) await list(subgraph.services, id);
  await visits(subgraph.services, 'usr_1', 'VIEW', unwanted, 'other');
  expect(ids(await feedOf(subgraph))).toContain(unwanted);

  // No worker runs here: nothing has been absorbed when the next page is read.
  const at = subgraph.clock.now().toISOString();
  const events = [{ kind: 'DISMISS', productId: unwanted, market: 'GB', at }];
  await subgraph.execute(
    'mutation ($input: RecordEventsInput!) { recordEvents(input: $input) { accepted } }',
    { input: { events } },
    me,
  );

  expect(ids(await feedOf(subgraph))).toEqual(['other']);
  expect(ids(await trendOf(subgraph, {}, me))).toEqual(['other']);
  expect(ids(await relatedTo(subgraph, 'other'))).toEqual([]);
  expect(ids(await trendOf(subgraph))).toContain(unwanted);
});

test.for([
  ['sold out', { isAvailable: false }],
  ['taken down', { isActive: false }],
  ['no longer sold in the market', { markets: ['ID'] }],
] as const)(
  'a product that is %s is gone at once from everywhere',
  async ([, change], { subgraph, expect }) => {
    for (const id of ['a', 'b', 'c']) await list(subgraph.services, id);
    await visits(subgraph.services, 'usr_1', 'VIEW', 'a', 'b', 'c');
    await visits(subgraph.services, 'usr_me', 'VIEW', 'c');
    expect(ids(await feedOf(subgraph))).toContain('a');

    await list(subgraph.services, 'a', change);

    expect(ids(await feedOf(subgraph))).not.toContain('a');
    expect(ids(await trendOf(subgraph))).toEqual(['c', 'b']);
    expect(ids(await relatedTo(subgraph, 'b', { market: 'GB' }))).toEqual(['c']);
  },
);

test('in any catalogue no list shows what it must not', async ({ subgraph, expect }) => {
  const products = Array.from({ length: 12 }, (_, n) => `p${n}`);
  await visits(subgraph.services, 'usr_1', 'VIEW', ...products);
  await visits(subgraph.services, 'usr_me', 'VIEW', 'p0', 'p1');
  const states = fc.record({
    isActive: fc.boolean(),
    isAvailable: fc.boolean(),
    markets: fc.constantFrom<string[]>(['GB'], ['ID'], ['GB', 'ID']),
  });

  await fc.assert(
    fc.asyncProperty(
      fc.array(states, { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 0, max: 11 }),
      async (catalogue, dismissed) => {
        for (const [n, own] of catalogue.entries()) await list(subgraph.services, `p${n}`, own);
        await visits(subgraph.services, 'usr_me', 'DISMISS', `p${dismissed}`);
        subgraph.clock.advance(MINUTE);
        const gone = new Set(
          await subgraph.services.redis.smembers(subgraph.services.key('dismissed', 'usr_me')),
        );
        const allowed = products.filter((id, n) => {
          const own = catalogue[n];
          return own?.isActive && own.isAvailable && own.markets.includes('GB') && !gone.has(id);
        });

        expect(ids(await feedOf(subgraph)).toSorted()).toEqual(allowed.toSorted());
        expect(ids(await trendOf(subgraph, {}, me)).toSorted()).toEqual(allowed.toSorted());
        for (const id of ids(await relatedTo(subgraph, 'p0', { market: 'GB', first: 100 }))) {
          expect(allowed).toContain(id);
        }
      },
    ),
    { numRuns: 8 },
  );
});

test('related products tell looks from orders, and fill up from the category', async ({
  subgraph,
  expect,
}) => {
  for (const id of ['boots', 'socks', 'wax', 'sandals']) await list(subgraph.services, id);
  await list(subgraph.services, 'lamp', { category: 'lamps' });
  await visits(subgraph.services, 'usr_1', 'PURCHASE', 'boots', 'wax');
  await visits(subgraph.services, 'usr_2', 'VIEW', 'boots', 'socks');
  await visits(subgraph.services, 'usr_3', 'LIKE', 'sandals');
  await visits(subgraph.services, 'usr_4', 'LIKE', 'lamp');

  const all = await relatedTo(subgraph, 'boots');
  const first = await relatedTo(subgraph, 'boots', { first: 1 });
  const rest = await relatedTo(subgraph, 'boots', { after: first.pageInfo.endCursor });

  expect(all.nodes.map(({ product, reason }) => [product.id, reason.kind, reason.text])).toEqual([
    ['wax', 'BOUGHT_TOGETHER', 'Bought together with The boots'],
    ['socks', 'VIEWED_TOGETHER', 'Viewed together with The boots'],
    ['sandals', 'POPULAR_IN_CATEGORY', 'Popular in its category'],
  ]);
  expect([...ids(first), ...ids(rest)]).toEqual(ids(all));
});

test('trends of a category hold that category only, page by page', async ({ subgraph, expect }) => {
  for (const id of ['a', 'b', 'c']) await list(subgraph.services, id);
  await list(subgraph.services, 'lamp', { category: 'lamps' });
  await visits(subgraph.services, 'usr_1', 'VIEW', 'a', 'b', 'c', 'lamp');
  await visits(subgraph.services, 'usr_2', 'VIEW', 'b', 'lamp');

  const first = await trendOf(subgraph, { category: 'shoes', first: 2 });
  const after = first.pageInfo.endCursor;
  const second = await trendOf(subgraph, { category: 'shoes', first: 2, after });

  expect(ids(first)).toEqual(['b', 'c']);
  expect(ids(second)).toEqual(['a']);
  expect(second.pageInfo.hasNextPage).toBe(false);
});

test('a feed that was made before anything could be bought does not stay empty', async ({
  subgraph,
  expect,
}) => {
  const { services, clock } = subgraph;
  await list(services, 'prd_a', { isAvailable: false });
  expect((await feedOf(subgraph)).nodes).toEqual([]);

  await list(services, 'prd_a', { isAvailable: true });
  clock.advance(2_000);

  expect((await feedOf(subgraph)).nodes.map(({ product }) => product.id)).toEqual(['prd_a']);
});
