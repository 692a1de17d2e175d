import { listingChanged } from '@vitrine/events/catalog';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { describe, expect } from 'vitest';
import { catalog } from '../index.ts';
import {
  ACTIVATE,
  aDraft,
  aShop,
  DEACTIVATE,
  DELETE,
  EDIT,
  onSale,
  PUBLISH,
  price,
  run,
  variantInput,
} from '../world.fixture.ts';

const test = subgraphTest(catalog);

const listed = async (subgraph: TestSubgraph, market = 'DE') => {
  const { data } = await subgraph.execute(
    'query ($market: MarketCode!) { products(market: $market, first: 10) { nodes { id } } }',
    { market },
  );
  return data?.['products'].nodes.map(({ id }: { id: string }) => id);
};

describe('publishing', () => {
  test('puts a draft on sale and tells the others', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const productId = await aDraft(subgraph, shop);
    expect(await listed(subgraph)).toEqual([]);

    const payload = await run(subgraph, PUBLISH, { productId, expectedVersion: 1 }, shop.staff);
    expect(payload).toMatchObject({ product: { state: 'ACTIVATE', version: 2 }, userErrors: [] });
    expect(await listed(subgraph)).toEqual([productId]);
    expect(await subgraph.emitted(listingChanged)).toMatchObject([
      {
        productId,
        shopId: shop.shopId,
        isActive: true,
        category: 'hiking',
        variants: [{ prices: [{ market: 'DE', price: { minor: '12000', currencyCode: 'EUR' } }] }],
      },
    ]);
  });

  test('reports everything at once, exactly as the dry run does, and changes nothing', async ({
    subgraph,
  }) => {
    const shop = await aShop(subgraph, 'ID', 'IDR');
    const productId = await aDraft(subgraph, shop, {
      defaultLanguage: 'id',
      texts: [{ language: 'id', title: 'Kopi 10 <b>gr</b>' }],
      category: 'coffee-tea',
      images: [{ url: 'https://pictures.example/1.png', width: 200, height: 5_000 }],
      variants: [
        variantInput({ attributes: [{ name: 'Ukuran', value: 'M' }], weightGrams: null }),
        variantInput({ prices: [price('ID', '50000', 'IDR')] }),
      ],
    });
    const { data } = await subgraph.execute(
      `query ($id: ID!) { product(id: $id) {
        publishProblems { __typename code message path retryable }
      } }`,
      { id: productId },
      shop.staff,
    );
    const payload = await run(subgraph, PUBLISH, { productId }, shop.staff);

    expect(payload.product).toBeNull();
    expect(payload.userErrors).toEqual(data?.['product'].publishProblems);
    expect(
      payload.userErrors
        .map(({ code, path }: { code: string; path: string[] }) => `${code} ${path.join('.')}`)
        .toSorted(),
    ).toEqual([
      'ATTRIBUTE_MISSING input.variants.1.attributes',
      'CATEGORY_RESTRICTED input.category',
      'CATEGORY_RESTRICTED input.category',
      'IMAGE_SIZE input.images.0',
      'PRICE_MISSING input.variants.0.prices',
      'PRICE_MISSING input.variants.1.prices',
      'TITLE_HAS_HTML input.texts.0.title',
      'TITLE_TOO_SHORT input.texts.0.title',
      'WEIGHT_MISSING input.variants.0.weightGrams',
    ]);
    expect(await listed(subgraph, 'ID')).toEqual([]);
    expect(await subgraph.emitted(listingChanged)).toEqual([]);
  });

  test("needs a price in the shop's own market", async ({ subgraph }) => {
    const shop = await aShop(subgraph, 'FR');
    const productId = await aDraft(subgraph, shop);
    const { userErrors } = await run(subgraph, PUBLISH, { productId }, shop.staff);
    expect(userErrors).toMatchObject([{ code: 'PRICE_MISSING' }]);
  });

  test('happens once, however many ask', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const productId = await aDraft(subgraph, shop);
    const payloads = await Promise.all(
      Array.from({ length: 6 }, () => run(subgraph, PUBLISH, { productId }, shop.staff)),
    );
    expect(payloads.filter(({ product }) => product)).toHaveLength(1);
    for (const { product, userErrors } of payloads) {
      if (!product) expect(userErrors).toMatchObject([{ code: 'NOT_PUBLISHABLE' }]);
    }
    expect(await subgraph.emitted(listingChanged)).toHaveLength(1);
  });

  test('of a version that is not current any more is refused', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const productId = await aDraft(subgraph, shop);
    await run(subgraph, EDIT, { productId, expectedVersion: 1, category: 'camping' }, shop.staff);
    expect(
      await run(subgraph, PUBLISH, { productId, expectedVersion: 1 }, shop.staff),
    ).toMatchObject({ product: null, userErrors: [{ code: 'VERSION_CONFLICT' }] });
  });
});

describe('taking off sale', () => {
  test('hides a product from lists and tells the others; activating reviews it again', async ({
    subgraph,
  }) => {
    const shop = await aShop(subgraph);
    const productId = await onSale(subgraph, shop);

    await run(subgraph, DEACTIVATE, { productId }, shop.staff);
    expect(await listed(subgraph)).toEqual([]);

    await run(subgraph, EDIT, { productId, expectedVersion: 3, images: [] }, shop.staff);
    expect(await run(subgraph, ACTIVATE, { productId }, shop.staff)).toMatchObject({
      product: null,
      userErrors: [{ __typename: 'ListingProblem', code: 'IMAGE_MISSING' }],
    });

    const images = [{ url: 'https://pictures.example/2.png', width: 300, height: 300 }];
    await run(subgraph, EDIT, { productId, expectedVersion: 4, images }, shop.staff);
    expect(await run(subgraph, ACTIVATE, { productId }, shop.staff)).toMatchObject({
      product: { state: 'ACTIVATE', version: 6 },
    });
    expect(await listed(subgraph)).toEqual([productId]);
    expect(await subgraph.emitted(listingChanged)).toMatchObject([
      { isActive: true },
      { isActive: false },
      { isActive: true, imageUrl: 'https://pictures.example/2.png' },
    ]);
  });

  test('keeps the moment a product first went on sale', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const productId = await onSale(subgraph, shop);
    subgraph.clock.advance(60_000);
    await run(subgraph, DEACTIVATE, { productId }, shop.staff);
    await run(subgraph, ACTIVATE, { productId }, shop.staff);
    const { data } = await subgraph.execute(
      'query ($id: ID!) { product(id: $id) { publishedAt updatedAt } }',
      { id: productId },
    );
    expect(data?.['product']).toEqual({
      publishedAt: '2026-03-01T12:00:00.000Z',
      updatedAt: '2026-03-01T12:01:00.000Z',
    });
  });

  test.for([
    ['deactivated', 'NOT_DEACTIVATABLE', DEACTIVATE],
    ['activated', 'NOT_ACTIVATABLE', ACTIVATE],
  ] as const)('a draft cannot be %s: %s', async ([, code, mutation], { subgraph }) => {
    const shop = await aShop(subgraph);
    const productId = await aDraft(subgraph, shop);
    expect(await run(subgraph, mutation, { productId }, shop.staff)).toMatchObject({
      product: null,
      userErrors: [{ __typename: 'ProductRefusedError', code, retryable: false }],
    });
  });
});

describe('deleting', () => {
  test('a product on sale takes it from buyers for good, and tells the others', async ({
    subgraph,
  }) => {
    const shop = await aShop(subgraph);
    const productId = await onSale(subgraph, shop);
    expect(await run(subgraph, DELETE, { productId }, shop.staff)).toMatchObject({
      product: { state: 'DELETED', version: 3 },
    });
    expect(await listed(subgraph)).toEqual([]);
    expect(await subgraph.emitted(listingChanged)).toMatchObject([
      { isActive: true },
      { isActive: false },
    ]);
    expect(await run(subgraph, DELETE, { productId }, shop.staff)).toMatchObject({
      product: null,
      userErrors: [{ code: 'NOT_DELETABLE' }],
    });
    expect(await run(subgraph, PUBLISH, { productId }, shop.staff)).toMatchObject({
      product: null,
      userErrors: [{ code: 'NOT_PUBLISHABLE' }],
    });
  });

  test('a draft tells nobody', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const productId = await aDraft(subgraph, shop);
    await run(subgraph, DELETE, { productId }, shop.staff);
    expect(await subgraph.emitted(listingChanged)).toEqual([]);
  });
});
