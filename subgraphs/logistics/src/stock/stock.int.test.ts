import { availabilityChanged } from '@vitrine/events/logistics';
import type { Viewer } from '@vitrine/platform/viewer';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer, staffOf } from '@vitrine/testkit/viewers';
import { describe } from 'vitest';
import { logistics } from '../index.ts';
import { seedStock } from '../seed.ts';
import { variantModel } from '../variants/variant.model.ts';
import { stockModels } from './stock.model.ts';
import { stockStore } from './stock.store.ts';

const test = subgraphTest(logistics);

/** Shop 1 with a warehouse in ID and one in SG, variant 1 with five units in ID; shop 2 with its own. */
const seed = (subgraph: TestSubgraph) =>
  seedStock(subgraph.services, {
    warehouses: [
      { warehouseId: 'whs_id', shopId: 'shp_1', market: 'ID', name: 'Bandung' },
      { warehouseId: 'whs_sg', shopId: 'shp_1', market: 'SG', name: 'Jurong' },
      { warehouseId: 'whs_2', shopId: 'shp_2', market: 'ID', name: 'Medan' },
    ],
    levels: [
      level('var_1', 'prd_1', 'shp_1', 'whs_id', 5),
      level('var_0', 'prd_1', 'shp_1', 'whs_id', 0),
      level('var_2', 'prd_2', 'shp_2', 'whs_2', 7),
    ],
  });

const level = (
  variantId: string,
  productId: string,
  shopId: string,
  warehouseId: string,
  onHand: number,
) => ({ variantId, productId, shopId, warehouseId, onHand, weightGrams: 100 });

const payload = `
  stockLevel { onHand reserved available version variant { id } warehouse { id } }
  userErrors { __typename ... on UserError { code path retryable } }
  replayed
`;
const SET = `mutation ($input: SetStockInput!) { setStock(input: $input) { ${payload}
  userErrors { ... on StockVersionConflictError { current { version } } } } }`;
const ADJUST = `mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { ${payload} } }`;

const where = { warehouseId: 'whs_id', variantId: 'var_1' };

async function set(
  subgraph: TestSubgraph,
  input: object,
  viewer: Viewer | null = staffOf('shp_1'),
) {
  const variables = { input: { ...where, idempotencyKey: 'key-1', ...input } };
  return (await subgraph.execute(SET, variables, viewer)).data?.['setStock'];
}

async function adjust(subgraph: TestSubgraph, input: object) {
  const variables = { input: { ...where, idempotencyKey: 'key-1', ...input } };
  return (await subgraph.execute(ADJUST, variables, staffOf('shp_1'))).data?.['adjustStock'];
}

describe('a count', () => {
  test('becomes the level, and its version the next', async ({ subgraph, expect }) => {
    await seed(subgraph);

    expect(await set(subgraph, { onHand: 8, expectedVersion: 1 })).toEqual({
      stockLevel: {
        onHand: 8,
        reserved: 0,
        available: 8,
        version: 2,
        variant: { id: 'var_1' },
        warehouse: { id: 'whs_id' },
      },
      userErrors: [],
      replayed: false,
    });
  });

  test('opens a level where there was none', async ({ subgraph, expect }) => {
    await seed(subgraph);

    const opened = await set(subgraph, { warehouseId: 'whs_sg', onHand: 3, expectedVersion: 0 });

    expect(opened.stockLevel).toMatchObject({ onHand: 3, warehouse: { id: 'whs_sg' } });
  });

  test('on top of a stale version is refused with the level as it is', async ({
    subgraph,
    expect,
  }) => {
    await seed(subgraph);
    await set(subgraph, { onHand: 8 });

    expect(
      await set(subgraph, { onHand: 9, expectedVersion: 1, idempotencyKey: 'key-2' }),
    ).toMatchObject({
      stockLevel: null,
      userErrors: [
        {
          __typename: 'StockVersionConflictError',
          code: 'VERSION_CONFLICT',
          path: ['input', 'expectedVersion'],
          current: { version: 2 },
        },
      ],
    });
  });

  test('cannot go below what is held for checkouts', async ({ subgraph, expect }) => {
    await seed(subgraph);
    await stockModels(subgraph.services.db).levels.updateOne(
      { variantId: 'var_1' },
      { $set: { reserved: 3, available: 2 } },
    );

    expect((await set(subgraph, { onHand: 2 })).userErrors).toMatchObject([
      { __typename: 'StockRefusedError', code: 'BELOW_RESERVED', retryable: true },
    ]);
    expect((await set(subgraph, { onHand: 3 })).stockLevel).toMatchObject({
      onHand: 3,
      reserved: 3,
      available: 0,
    });
  });

  test('with everything wrong reports everything', async ({ subgraph, expect }) => {
    const { userErrors } = await set(subgraph, {
      onHand: -1,
      expectedVersion: -1,
      idempotencyKey: ' ',
    });

    expect(userErrors.map((error: { path: string[] }) => error.path.join('.'))).toEqual([
      'input.idempotencyKey',
      'input.onHand',
      'input.expectedVersion',
    ]);
  });

  test.for([
    ['a warehouse of another shop', { warehouseId: 'whs_2' }],
    ['a variant of another shop', { variantId: 'var_2' }],
    ['an unknown variant', { variantId: 'var_9' }],
  ] as const)('of %s changes nothing', async ([, input], { subgraph, expect }) => {
    await seed(subgraph);

    expect((await set(subgraph, { onHand: 1, ...input })).userErrors).toMatchObject([
      { __typename: 'NotFoundError', code: 'NOT_FOUND' },
    ]);
    const stored = await stockStore(subgraph.services).findByVariants(['var_1', 'var_2']);
    expect(stored.map(({ onHand }) => onHand).toSorted()).toEqual([5, 7]);
  });

  test('needs somebody who is signed in', async ({ subgraph, expect }) => {
    const input = { ...where, onHand: 1, idempotencyKey: 'key-1' };
    const { errors } = await subgraph.execute(SET, { input });

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('an adjustment', () => {
  test('under the same key is made once', async ({ subgraph, expect }) => {
    await seed(subgraph);

    const first = await adjust(subgraph, { delta: 3 });
    const second = await adjust(subgraph, { delta: 3 });

    expect([first.replayed, second.replayed]).toEqual([false, true]);
    expect(second.stockLevel).toMatchObject({ onHand: 8, version: 2 });
  });

  test('under the same key at the same moment is made once', async ({ subgraph, expect }) => {
    await seed(subgraph);

    const all = await Promise.all(
      Array.from({ length: 6 }, () => adjust(subgraph, { warehouseId: 'whs_sg', delta: 3 })),
    );

    expect(all.map(({ stockLevel }) => stockLevel.onHand)).toEqual(Array(6).fill(3));
    expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  test('under a used key with another number is refused', async ({ subgraph, expect }) => {
    await seed(subgraph);
    await adjust(subgraph, { delta: 3 });

    expect((await adjust(subgraph, { delta: 4 })).userErrors).toMatchObject([
      { __typename: 'IdempotencyError', code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
  });

  test('under a key that was refused may be tried again', async ({ subgraph, expect }) => {
    await seed(subgraph);

    expect((await adjust(subgraph, { delta: -6 })).userErrors).toMatchObject([
      { code: 'BELOW_RESERVED' },
    ]);
    expect((await adjust(subgraph, { delta: -5 })).stockLevel).toMatchObject({ onHand: 0 });
  });

  test('adds to the others that are made at once', async ({ subgraph, expect }) => {
    await seed(subgraph);

    await Promise.all(
      Array.from({ length: 10 }, (_, i) => adjust(subgraph, { delta: 2, idempotencyKey: `k${i}` })),
    );

    expect(await stockStore(subgraph.services).findByVariants(['var_1'])).toMatchObject([
      { onHand: 25, available: 25, version: 11 },
    ]);
  });
});

describe('news of availability', () => {
  test('goes out only when the first unit comes or the last one goes, over all warehouses', async ({
    subgraph,
    expect,
  }) => {
    await seed(subgraph);
    const sg = { warehouseId: 'whs_sg' };
    let key = 0;
    const change = (delta: number, at: object = {}) => {
      key += 1;
      return adjust(subgraph, { delta, idempotencyKey: `k${key}`, ...at });
    };

    await change(2, sg);
    await change(-5);
    await change(-1, sg);
    await change(-1, sg);
    await change(4);
    await change(1);

    const news = (await subgraph.emitted(availabilityChanged)).filter(
      ({ variantId }) => variantId === 'var_1',
    );
    expect(news.map(({ isAvailable }) => isAvailable)).toEqual([true, false, true]);
  });
});

describe('what others see of stock', () => {
  const QUERY = `query ($r: [_Any!]!, $market: MarketCode = "ID") {
    _entities(representations: $r) {
      ... on Product { inStock }
      ... on Variant { availableQuantity(market: $market) stockLevels { available warehouse { name } } }
    }
  }`;
  const products = ['prd_1', 'prd_2', 'prd_9'].map((id) => ({ __typename: 'Product', id }));
  const variants = ['var_1', 'var_0', 'var_9'].map((id) => ({ __typename: 'Variant', id }));

  const see = async (subgraph: TestSubgraph, r: object[], viewer: Viewer | null = null) =>
    (await subgraph.execute(QUERY, { r }, viewer)).data?.['_entities'];

  test('a product is in stock while a variant on sale has a unit', async ({ subgraph, expect }) => {
    await seed(subgraph);
    expect(await see(subgraph, products)).toMatchObject([
      { inStock: true },
      { inStock: true },
      { inStock: false },
    ]);

    await set(subgraph, { onHand: 0 });
    await variantModel(subgraph.services.db).updateOne(
      { _id: 'var_2' },
      { $set: { isOnSale: false } },
    );
    expect(await see(subgraph, products)).toMatchObject(Array(3).fill({ inStock: false }));
  });

  test('a variant has the units of the warehouses of the market', async ({ subgraph, expect }) => {
    await seed(subgraph);
    await set(subgraph, { warehouseId: 'whs_sg', onHand: 3 });

    const seen = await see(subgraph, variants);
    expect(seen.map((one: { availableQuantity: number }) => one.availableQuantity)).toEqual([
      5, 0, 0,
    ]);
    const unknown = await subgraph.execute(QUERY, { r: variants, market: 'AQ' });
    expect(unknown.errors?.[0]?.extensions).toMatchObject({ code: 'UNKNOWN_MARKET' });
  });

  test('levels are for the staff of the shop', async ({ subgraph, expect }) => {
    await seed(subgraph);

    expect(await see(subgraph, variants, staffOf('shp_1'))).toMatchObject([
      { stockLevels: [{ available: 5, warehouse: { name: 'Bandung' } }] },
      { stockLevels: [{ available: 0 }] },
      { stockLevels: null },
    ]);
    for (const viewer of [null, aViewer(), staffOf('shp_2')]) {
      expect(await see(subgraph, variants, viewer)).toMatchObject(
        Array(3).fill({ stockLevels: null }),
      );
    }
  });
});
