import { subgraphTest } from '@vitrine/testkit/subgraph';
import { anOperator, aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { catalog } from '../index.ts';
import {
  aDraft,
  aShop,
  DEACTIVATE,
  DELETE,
  newId,
  onSale,
  price,
  run,
  variantInput,
} from '../world.fixture.ts';
import { productModel } from './product.model.ts';

const test = subgraphTest(catalog);

const FIND = 'query ($id: ID!) { product(id: $id) { id state } }';
const FOLLOW = `query ($refs: [_Any!]!) { _entities(representations: $refs) {
  ... on Product { id state }
  ... on Variant { sku }
} }`;

const product = (id: string) => ({ __typename: 'Product', id });

describe('a product page', () => {
  test('of a draft exists for its staff and operators only', async ({ subgraph }) => {
    const [shop, rival] = [await aShop(subgraph), await aShop(subgraph)];
    const id = await aDraft(subgraph, shop);
    const seenBy = async (viewer: Parameters<typeof subgraph.execute>[2]) => {
      const found = await subgraph.execute(FIND, { id }, viewer);
      const followed = await subgraph.execute(FOLLOW, { refs: [product(id)] }, viewer);
      expect(found.errors ?? followed.errors).toBeUndefined();
      return [found.data?.['product'], followed.data?.['_entities'][0]];
    };
    const draft = { id, state: 'DRAFT' };
    expect(await seenBy(shop.staff)).toEqual([draft, draft]);
    for (const scope of ['products:read', 'products:write']) {
      const app = { ...shop.staff, appId: 'tpa_1', scopes: [scope] };
      expect(await seenBy(app)).toEqual([draft, draft]);
    }
    const blind = { ...shop.staff, appId: 'tpa_1', scopes: ['orders:read'] };
    expect(await seenBy(blind)).toEqual(await seenBy(null));
    expect(await seenBy(anOperator())).toEqual([draft, draft]);
    for (const stranger of [null, aViewer(), rival.staff]) {
      expect(await seenBy(stranger)).toEqual([null, null]);
    }
  });

  test('of what is no longer on sale is gone, but links from orders still lead to it', async ({
    subgraph,
  }) => {
    const shop = await aShop(subgraph);
    for (const [mutation, state] of [
      [DEACTIVATE, 'SELLER_DEACTIVATED'],
      [DELETE, 'DELETED'],
    ] as const) {
      const id = await onSale(subgraph, shop, { variants: [variantInput({ sku: state })] });
      const { product: changed } = await run(subgraph, mutation, { productId: id }, shop.staff);
      const variant = { __typename: 'Variant', id: changed.variants[0].id };

      const found = await subgraph.execute(FIND, { id });
      expect(found.data).toEqual({ product: null });
      const followed = await subgraph.execute(FOLLOW, { refs: [product(id), variant] });
      expect(followed.data?.['_entities']).toEqual([{ id, state }, { sku: state }]);
    }
  });

  test('speaks the language asked for, else the best there is', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const id = await onSale(subgraph, shop, {
      texts: [
        { language: 'de', title: 'Wanderstiefel', description: 'Wasserdicht.' },
        { language: 'en', title: 'Hiking boots', description: '' },
      ],
    });
    const { data } = await subgraph.execute(
      `query ($id: ID!) { product(id: $id) {
        own: title  british: title(language: "en-GB")  thai: title(language: "th")
        description(language: "en")  texts { language title }
      } }`,
      { id },
    );
    expect(data?.['product']).toEqual({
      own: 'Wanderstiefel',
      british: 'Hiking boots',
      thai: 'Wanderstiefel',
      description: 'Wasserdicht.',
      texts: [
        { language: 'de', title: 'Wanderstiefel' },
        { language: 'en', title: 'Hiking boots' },
      ],
    });
  });

  test('prices each market on its own and knows no other markets', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const sized = (value: string, euros: string, yen: string) =>
      variantInput({
        attributes: [{ name: 'Größe', value }],
        prices: [price('DE', euros, 'EUR'), price('JP', yen, 'JPY')],
      });
    const id = await onSale(subgraph, shop, {
      variants: [sized('41', '129.5', '21000'), sized('42', '120', '22000')],
    });
    const prices = (market: string) =>
      subgraph.execute(
        `query ($id: ID!, $market: MarketCode!) { product(id: $id) {
          priceRange(market: $market) { min { amount currencyCode } max { amount } }
        } }`,
        { id, market },
      );
    expect((await prices('DE')).data?.['product'].priceRange).toEqual({
      min: { amount: '120.00', currencyCode: 'EUR' },
      max: { amount: '129.50' },
    });
    expect((await prices('JP')).data?.['product'].priceRange).toEqual({
      min: { amount: '21000', currencyCode: 'JPY' },
      max: { amount: '22000' },
    });
    expect((await prices('US')).data?.['product'].priceRange).toBeNull();
    expect((await prices('AQ')).errors?.[0]?.extensions['code']).toBe('UNKNOWN_MARKET');
  });

  test('keeps its dry run from strangers', async ({ subgraph }) => {
    const shop = await aShop(subgraph);
    const id = await onSale(subgraph, shop);
    const problemsFor = async (viewer: Parameters<typeof subgraph.execute>[2]) => {
      const query = 'query ($id: ID!) { product(id: $id) { publishProblems { code } } }';
      return (await subgraph.execute(query, { id }, viewer)).data?.['product'].publishProblems;
    };
    expect(await problemsFor(shop.staff)).toEqual([]);
    expect(await problemsFor(aViewer())).toBeNull();
  });
});

test('references keep their order, with holes for what leads nowhere', async ({ subgraph }) => {
  const shop = await aShop(subgraph);
  const [first, second] = [await onSale(subgraph, shop), await onSale(subgraph, shop)];
  const { data } = await subgraph.execute(FOLLOW, {
    refs: [second, newId('prd'), first, second, 'nonsense'].map(product),
  });
  expect(data?.['_entities'].map((entity: { id: string } | null) => entity?.id ?? null)).toEqual([
    second,
    null,
    first,
    second,
    null,
  ]);
});

test('amounts come back to the minor unit, up to the largest', async ({ subgraph }) => {
  const shop = await aShop(subgraph);
  const amount = '90071992547409.91';
  const id = await onSale(subgraph, shop, {
    variants: [variantInput({ prices: [price('DE', amount, 'EUR')] })],
  });
  const { data } = await subgraph.execute(
    `query ($id: ID!) { product(id: $id) { variants { price(market: "DE") { amount } } } }`,
    { id },
  );
  expect(data?.['product'].variants).toEqual([{ price: { amount } }]);
  const { products } = productModel(subgraph.services.db);
  expect(await products.countDocuments({ 'variants.prices.minor': 9_007_199_254_740_991n })).toBe(
    1,
  );
});
