import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { describe, expect } from 'vitest';
import { catalog } from '../index.ts';
import { type ProductSeed, seedProducts } from '../seed.ts';
import { aShop, EDIT, newId, onSale, run } from '../world.fixture.ts';

const test = subgraphTest(catalog);

interface Listed {
  readonly title: string;
  readonly euros?: number;
  readonly rupiah?: number;
  readonly category?: string;
  readonly shopId?: string;
  readonly publishedAt?: Date;
}

const minute = (number: number) => new Date(Date.UTC(2026, 1, 1, 0, number));

/** Puts products on sale, each a minute after the one before; answers their ids. */
async function list(subgraph: TestSubgraph, products: readonly Listed[]): Promise<string[]> {
  const seeds = products.map(
    (
      { title, euros, rupiah, category = 'hiking', shopId = newId('shp'), publishedAt },
      at,
    ): ProductSeed => ({
      productId: newId('prd'),
      shopId,
      titles: { de: title },
      descriptions: {},
      defaultLanguage: 'de',
      category,
      images: [],
      variants: [
        {
          variantId: newId('var'),
          sku: newId('evt'),
          attributes: {},
          weightGrams: 1,
          dimensionsMm: { length: 1, width: 1, height: 1 },
          prices: [
            ...(euros === undefined
              ? []
              : [{ market: 'DE', minor: euros * 100, currencyCode: 'EUR' }]),
            ...(rupiah === undefined
              ? []
              : [{ market: 'ID', minor: rupiah * 100, currencyCode: 'IDR' }]),
          ],
        },
      ],
      publishedAt: publishedAt ?? minute(at),
    }),
  );
  await seedProducts(subgraph.services, seeds);
  return seeds.map(({ productId }) => productId);
}

const PRODUCTS = `query (
  $market: MarketCode!, $first: Int, $after: String, $last: Int, $before: String
  $filter: ProductFilter, $sort: ProductSort
) {
  products(
    market: $market, first: $first, after: $after, last: $last, before: $before
    filter: $filter, sort: $sort
  ) {
    edges { cursor node { id } } nodes { title }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

async function page(subgraph: TestSubgraph, variables: object) {
  const args = 'last' in variables ? {} : { first: 10 };
  const { data, errors } = await subgraph.execute(PRODUCTS, {
    market: 'DE',
    ...args,
    ...variables,
  });
  if (errors?.[0]) throw errors[0];
  return data?.['products'];
}

const titles = async (subgraph: TestSubgraph, variables: object): Promise<string[]> =>
  (await page(subgraph, variables)).nodes.map(({ title }: { title: string }) => title);

describe('the products of a market', () => {
  test('are those with a price there, the newest first', async ({ subgraph }) => {
    await list(subgraph, [
      { title: 'Alt', euros: 5 },
      { title: 'Fern', rupiah: 5 },
      { title: 'Neu', euros: 6, rupiah: 6 },
    ]);
    expect(await titles(subgraph, {})).toEqual(['Neu', 'Alt']);
    expect(await titles(subgraph, { sort: 'NEWEST', market: 'ID' })).toEqual(['Neu', 'Fern']);
    expect(await titles(subgraph, { market: 'US' })).toEqual([]);
  });

  test('are sorted by price either way', async ({ subgraph }) => {
    await list(subgraph, [
      { title: 'mittel', euros: 20 },
      { title: 'teuer', euros: 1_000 },
      { title: 'billig', euros: 3 },
    ]);
    expect(await titles(subgraph, { sort: 'PRICE_ASC' })).toEqual(['billig', 'mittel', 'teuer']);
    expect(await titles(subgraph, { sort: 'PRICE_DESC' })).toEqual(['teuer', 'mittel', 'billig']);
  });

  test.for(['NEWEST', 'PRICE_ASC', 'PRICE_DESC', 'RELEVANCE'] as const)(
    'by %s: pages meet without gap or overlap, forwards and backwards, among equals too',
    async (sort, { subgraph }) => {
      await list(
        subgraph,
        Array.from({ length: 11 }, (_, at) => ({
          title: `P${at}`,
          euros: 1 + (at % 3),
          publishedAt: minute(at % 4),
        })),
      );
      const whole = await titles(subgraph, { sort, first: 100 });
      expect(whole).toHaveLength(11);

      const forwards: string[] = [];
      let after: string | null = null;
      do {
        const read = await page(subgraph, { sort, first: 4, after });
        forwards.push(...read.nodes.map(({ title }: { title: string }) => title));
        after = read.pageInfo.hasNextPage ? read.pageInfo.endCursor : null;
      } while (after);
      expect(forwards).toEqual(whole);

      const backwards: string[] = [];
      let before: string | null = null;
      do {
        const read = await page(subgraph, { sort, last: 4, before });
        backwards.unshift(...read.nodes.map(({ title }: { title: string }) => title));
        before = read.pageInfo.hasPreviousPage ? read.pageInfo.startCursor : null;
      } while (before);
      expect(backwards).toEqual(whole);
    },
  );

  test('do not shift under a reader when new ones arrive', async ({ subgraph }) => {
    await list(subgraph, [
      { title: 'A', euros: 1 },
      { title: 'B', euros: 1 },
    ]);
    const first = await page(subgraph, { first: 1 });
    await list(subgraph, [{ title: 'C', euros: 1, publishedAt: minute(59) }]);
    expect(await titles(subgraph, { first: 1, after: first.pageInfo.endCursor })).toEqual(['A']);
  });
});

describe('filters', () => {
  test('narrow by shop, by category and what lies under it, and add up', async ({ subgraph }) => {
    const shopId = newId('shp');
    await list(subgraph, [
      { title: 'Stiefel', euros: 1, category: 'hiking', shopId },
      { title: 'Zelt', euros: 1, category: 'camping' },
      { title: 'Kleid', euros: 1, category: 'dresses', shopId },
    ]);
    const by = (filter: object) => titles(subgraph, { filter });
    expect(await by({ shopIds: [shopId] })).toEqual(['Kleid', 'Stiefel']);
    expect(await by({ categories: ['outdoor'] })).toEqual(['Zelt', 'Stiefel']);
    expect(await by({ categories: ['camping', 'fashion'] })).toEqual(['Kleid', 'Zelt']);
    expect(await by({ categories: ['sports'], shopIds: [shopId] })).toEqual(['Stiefel']);
    expect(await by({ shopIds: [] })).toEqual([]);
  });

  test('narrow by price, bounds included', async ({ subgraph }) => {
    await list(
      subgraph,
      [10, 20, 30].map((euros) => ({ title: `${euros}`, euros })),
    );
    const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });
    const between = (filter: object) => titles(subgraph, { filter, sort: 'PRICE_ASC' });
    expect(await between({ priceMin: eur('20') })).toEqual(['20', '30']);
    expect(await between({ priceMax: eur('20.00') })).toEqual(['10', '20']);
    expect(await between({ priceMin: eur('10.01'), priceMax: eur('29.99') })).toEqual(['20']);
  });

  test('narrow by the time of the last change, so that lists can be polled', async ({
    subgraph,
  }) => {
    await list(
      subgraph,
      [1, 2, 3].map((number) => ({ title: `${number}`, euros: 1, publishedAt: minute(number) })),
    );
    const by = (filter: object) => titles(subgraph, { filter });
    expect(await by({ updatedAfter: minute(2).toISOString() })).toEqual(['3', '2']);
    expect(await by({ updatedBefore: minute(1).toISOString() })).toEqual(['1']);
  });

  test('narrow by words, all of which occur, whatever their order and case', async ({
    subgraph,
  }) => {
    await list(subgraph, [
      { title: 'Wanderstiefel aus Leder', euros: 1 },
      { title: 'Gürtel aus Leder', euros: 1 },
    ]);
    const by = (text: string) => titles(subgraph, { filter: { text } });
    expect(await by('LEDER wanderstiefel')).toEqual(['Wanderstiefel aus Leder']);
    expect(await by('leder')).toHaveLength(2);
    expect(await by('leder samt')).toEqual([]);
    expect(await by('!!!')).toEqual([]);
    expect(await by('  ')).toHaveLength(2);
  });

  test('find an edited product by what it has become', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const productId = await onSale(subgraph, shop);
    const by = (filter: object) => titles(subgraph, { filter });
    expect(await by({ text: 'Wanderstiefel', categories: ['hiking'] })).toHaveLength(1);

    const texts = [{ language: 'de', title: 'Zweimannzelt' }];
    const edit = { productId, expectedVersion: 2, texts, category: 'camping' };
    await run(subgraph, EDIT, edit, shop.staff);
    expect(await by({ text: 'Wanderstiefel' })).toEqual([]);
    expect(await by({ categories: ['hiking'] })).toEqual([]);
    expect(await by({ text: 'zweimannzelt', categories: ['camping'] })).toEqual(['Zweimannzelt']);
  });
});

describe('a list is refused', () => {
  const eur = (amount: string, currencyCode = 'EUR') => ({ amount, currencyCode });
  const cursor = (...values: unknown[]) =>
    Buffer.from(JSON.stringify(values)).toString('base64url');

  test.for([
    ['UNKNOWN_MARKET', { market: 'AQ' }],
    ['PAGE_SIZE_REQUIRED', { first: null }],
    ['PAGE_SIZE_REQUIRED', { last: 5, first: 5 }],
    ['PAGE_SIZE_INVALID', { first: 101 }],
    ['PAGE_SIZE_INVALID', { first: 0 }],
    ['CURSOR_INVALID', { after: 'nonsense' }],
    ['CURSOR_INVALID', { after: cursor('yesterday', 'prd_1/DE') }],
    ['CURSOR_INVALID', { after: cursor(1), sort: 'PRICE_ASC' }],
    ['CURSOR_INVALID', { after: cursor(0.5, 'prd_1/DE'), sort: 'PRICE_ASC' }],
    ['NEGATIVE_AMOUNT', { filter: { priceMin: eur('-1') } }],
    ['TOO_PRECISE', { filter: { priceMax: eur('1.999') } }],
    ['CURRENCY_MISMATCH', { filter: { priceMin: eur('1', 'USD') } }],
    ['UNKNOWN_CURRENCY', { filter: { priceMin: eur('1', 'XXY') } }],
    ['UNKNOWN_CATEGORY', { filter: { categories: ['sailing'] } }],
    ['FILTER_TOO_LARGE', { filter: { text: 'x'.repeat(201) } }],
    ['FILTER_TOO_LARGE', { filter: { shopIds: Array.from({ length: 101 }, () => 'shp') } }],
  ] as const)('with %s for %j', async ([code, variables], { subgraph }) => {
    await expect(page(subgraph, variables)).rejects.toMatchObject({ extensions: { code } });
  });
});

test('the category tree opens level by level', async ({ subgraph }) => {
  const under = async (code: string | null) =>
    subgraph.execute(
      'query ($code: String) { categories(under: $code) { code isLeaf name(language: "id") } }',
      { code },
    );
  expect((await under(null)).data?.['categories']).toContainEqual({
    code: 'sports',
    isLeaf: false,
    name: 'Olahraga dan alam bebas',
  });
  expect((await under('outdoor')).data?.['categories']).toEqual([
    { code: 'hiking', isLeaf: true, name: 'Pendakian' },
    { code: 'camping', isLeaf: true, name: 'Berkemah' },
  ]);
  expect((await under('sailing')).errors?.[0]?.extensions['code']).toBe('UNKNOWN_CATEGORY');
});
