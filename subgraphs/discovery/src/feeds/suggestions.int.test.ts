import { DAY, MINUTE, plus } from '@vitrine/kernel/clock';
import { transact } from '@vitrine/platform/outbox/transact';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import fc from 'fast-check';
import { discovery } from '../index.ts';
import { offerStore } from '../products/offer.store.ts';
import { withListing, withStock } from '../products/offer.ts';
import { absorber } from '../signals/absorb-batches.worker.ts';
import { batchStream } from '../signals/batch.stream.ts';
import type { SignalKind } from '../signals/signal.ts';

const test = subgraphTest(discovery);

interface Listed {
  readonly isActive?: boolean;
  readonly isAvailable?: boolean;
  readonly category?: string;
  readonly markets?: readonly string[];
}

let version = 0;
/** Lists a product, or changes how it is listed. */
async function list({ services }: TestSubgraph, productId: string, own: Listed = {}) {
  const { isActive = true, isAvailable = true, category = 'shoes', markets = ['GB'] } = own;
  version += 1;
  const aggregateVersion = version;
  const variantId = `var_${productId}`;
  await transact(services, (tx) =>
    offerStore(services).change(
      productId,
      (offer) =>
        withStock(
          withListing(offer, {
            aggregateVersion,
            payload: {
              productId,
              shopId: 'shp_1',
              isActive,
              titles: { en: `The ${productId}`, de: `Das ${productId}` },
              defaultLanguage: 'en',
              imageUrl: null,
              category,
              variants: [
                {
                  variantId,
                  sku: 's',
                  attributes: {},
                  weightGrams: 1,
                  prices: markets.map((market) => ({
                    market,
                    price: { minor: '1', currencyCode: 'GBP' },
                  })),
                },
              ],
            },
          }),
          { variantId, isAvailable, version: aggregateVersion },
        ),
      tx,
    ),
  );
}

let batches = 0;
/** A visit of somebody, absorbed before it returns. */
async function visits(
  { services, clock }: TestSubgraph,
  viewerId: string,
  kind: SignalKind,
  ...productIds: string[]
) {
  batches += 1;
  await batchStream(services).append([
    {
      id: `b${batches}`,
      viewerId,
      signals: productIds.map((productId) => ({
        kind,
        productId,
        market: 'GB',
        at: plus(clock.now(), -MINUTE),
        dwellMs: null,
      })),
    },
  ]);
  await absorber(services, async () => {})();
}

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

test('a new viewer gets what is trending, then what is new', async ({ subgraph, expect }) => {
  for (const id of ['a', 'b', 'c', 'd']) await list(subgraph, id);
  await visits(subgraph, 'usr_1', 'LIKE', 'b');
  await visits(subgraph, 'usr_2', 'VIEW', 'a', 'b');

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
  for (const id of ['boots', 'socks']) await list(subgraph, id);
  await list(subgraph, 'lamp', { category: 'lamps' });
  for (const n of [1, 2, 3]) await visits(subgraph, `usr_${n}`, 'VIEW', 'boots', 'socks');
  await visits(subgraph, 'usr_4', 'PURCHASE', 'lamp');

  await visits(subgraph, 'usr_me', 'VIEW', 'boots');

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
  for (let n = 0; n < 40; n += 1) await list(subgraph, `p${n}`);
  for (let n = 0; n < 30; n += 1) {
    await visits(subgraph, `usr_${n}`, 'VIEW', `p${n}`, `p${n + 1}`, `p${n + 2}`);
  }
  const liked = subgraph.services.newId('prd');
  await list(subgraph, liked);
  await visits(subgraph, 'usr_x', 'VIEW', liked, 'p5');
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

test('a dismissal holds from the moment it is answered', async ({ subgraph, expect }) => {
  const unwanted = subgraph.services.newId('prd');
  for (const id of [unwanted, 'other']) await list(subgraph, id);
  await visits(subgraph, 'usr_1', 'VIEW', unwanted, 'other');
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

test('a dismissal outlives Redis once it is absorbed', async ({ subgraph, expect }) => {
  for (const id of ['a', 'b']) await list(subgraph, id);
  await visits(subgraph, 'usr_1', 'VIEW', 'a', 'b');
  await visits(subgraph, 'usr_me', 'DISMISS', 'a');
  await subgraph.services.redis.del(subgraph.services.key('dismissed', 'usr_me'));

  expect(ids(await feedOf(subgraph))).toEqual(['b']);
});

test.for([
  ['sold out', { isAvailable: false }],
  ['taken down', { isActive: false }],
  ['no longer sold in the market', { markets: ['ID'] }],
] as const)(
  'a product that is %s is gone at once from everywhere',
  async ([, change], { subgraph, expect }) => {
    for (const id of ['a', 'b', 'c']) await list(subgraph, id);
    await visits(subgraph, 'usr_1', 'VIEW', 'a', 'b', 'c');
    await visits(subgraph, 'usr_me', 'VIEW', 'c');
    expect(ids(await feedOf(subgraph))).toContain('a');

    await list(subgraph, 'a', change);

    expect(ids(await feedOf(subgraph))).not.toContain('a');
    expect(ids(await trendOf(subgraph))).toEqual(['c', 'b']);
    expect(ids(await relatedTo(subgraph, 'b', { market: 'GB' }))).toEqual(['c']);
  },
);

test('what was just bought is not recommended for 30 days', async ({ subgraph, expect }) => {
  for (const id of ['a', 'b']) await list(subgraph, id);
  await visits(subgraph, 'usr_1', 'VIEW', 'a', 'b');
  await visits(subgraph, 'usr_me', 'PURCHASE', 'a');
  expect(ids(await feedOf(subgraph))).toEqual(['b']);

  subgraph.clock.advance(31 * DAY);

  expect(ids(await feedOf(subgraph))).toContain('a');
});

test('in any catalogue no list shows what it must not', async ({ subgraph, expect }) => {
  const products = Array.from({ length: 12 }, (_, n) => `p${n}`);
  await visits(subgraph, 'usr_1', 'VIEW', ...products);
  await visits(subgraph, 'usr_me', 'VIEW', 'p0', 'p1');
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
        for (const [n, own] of catalogue.entries()) await list(subgraph, `p${n}`, own);
        await visits(subgraph, 'usr_me', 'DISMISS', `p${dismissed}`);
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

test('pages of one reading belong together while the feed changes', async ({
  subgraph,
  expect,
}) => {
  for (let n = 10; n < 30; n += 1) await list(subgraph, `p${n}`);
  await visits(subgraph, 'usr_1', 'VIEW', 'p10', 'p11', 'p12', 'p13');
  const whole = ids(await feedOf(subgraph));

  const first = await feedOf(subgraph, { first: 8 });
  await visits(subgraph, 'usr_me', 'LIKE', 'p10', 'p20');
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
  for (const id of ['boots', 'socks', 'lamp']) await list(subgraph, id);
  await visits(subgraph, 'usr_1', 'VIEW', 'boots', 'socks');
  await visits(subgraph, 'usr_me', 'VIEW', 'boots');
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
  await list(subgraph, 'a');
  const of = [{ __typename: 'Viewer', id: 'usr_me' }];

  const other = await subgraph.execute(feed, { of }, aViewer());
  const guest = await subgraph.execute(feed, { of });

  expect(other.data?._entities).toEqual([{ recommendedProducts: null }]);
  expect(guest.data?._entities).toEqual([{ recommendedProducts: null }]);
});

test('another’s cursor reads one’s own feed', async ({ subgraph, expect }) => {
  for (const id of ['a', 'b', 'c']) await list(subgraph, id);
  await visits(subgraph, 'usr_me', 'DISMISS', 'c');
  const other = aViewer();
  const { pageInfo } = await feedOf(subgraph, { first: 1 }, other);

  const page = await feedOf(subgraph, { first: 5, after: pageInfo.endCursor });

  expect(ids(page)).not.toContain('c');
});

test('related products tell looks from orders, and fill up from the category', async ({
  subgraph,
  expect,
}) => {
  for (const id of ['boots', 'socks', 'wax', 'sandals']) await list(subgraph, id);
  await list(subgraph, 'lamp', { category: 'lamps' });
  await visits(subgraph, 'usr_1', 'PURCHASE', 'boots', 'wax');
  await visits(subgraph, 'usr_2', 'VIEW', 'boots', 'socks');
  await visits(subgraph, 'usr_3', 'LIKE', 'sandals');
  await visits(subgraph, 'usr_4', 'LIKE', 'lamp');

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
  for (const id of ['a', 'b', 'c']) await list(subgraph, id);
  await list(subgraph, 'lamp', { category: 'lamps' });
  await visits(subgraph, 'usr_1', 'VIEW', 'a', 'b', 'c', 'lamp');
  await visits(subgraph, 'usr_2', 'VIEW', 'b', 'lamp');

  const first = await trendOf(subgraph, { category: 'shoes', first: 2 });
  const after = first.pageInfo.endCursor;
  const second = await trendOf(subgraph, { category: 'shoes', first: 2, after });

  expect(ids(first)).toEqual(['b', 'c']);
  expect(ids(second)).toEqual(['a']);
  expect(second.pageInfo.hasNextPage).toBe(false);
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
