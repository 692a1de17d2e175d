import { money } from '@vitrine/kernel/money';
import { describe, expect, test } from 'vitest';
import { quoteShipping, type ShippingBasket } from './quote-shipping.ts';

const variants = [
  { variantId: 'var_1', productId: 'prd_1', shopId: 'shp_1', weightGrams: 200, isOnSale: true },
  { variantId: 'var_2', productId: 'prd_2', shopId: 'shp_2', weightGrams: 1_000, isOnSale: true },
  {
    variantId: 'var_heavy',
    productId: 'prd_3',
    shopId: 'shp_1',
    weightGrams: 900_000_000,
    isOnSale: true,
  },
];

const quote = quoteShipping({
  isMarket: (code) => code === 'ID' || code === 'ZZ',
  areApart: (a, b) => (a === 'ZZ') !== (b === 'ZZ'),
  homesOf: async () => new Map([['shp_1', 'ID']]),
  findVariants: async (ids) => variants.filter(({ variantId }) => ids.includes(variantId)),
  offersOf: ({ weightGrams }) => [
    {
      id: 'standard-id-id',
      service: 'STANDARD',
      name: 'Standard',
      price: money(BigInt(weightGrams), 'IDR'),
      minDays: 1,
      maxDays: 2,
    },
  ],
});

const basket = (overrides: Partial<ShippingBasket> = {}): ShippingBasket => ({
  market: 'ID',
  variantLines: [
    { variantId: 'var_1', quantity: 2 },
    { variantId: 'var_2', quantity: 1 },
    { variantId: 'var_1', quantity: 1 },
  ],
  ...overrides,
});

describe('a quote', () => {
  test('weighs the lines of each shop together', async () => {
    const outcome = await quote(basket());

    expect(outcome.ok && outcome.value).toMatchObject([
      { shopId: 'shp_1', weightGrams: 600, options: [{ price: money(600n, 'IDR') }] },
      { shopId: 'shp_2', weightGrams: 1_000 },
    ]);
  });

  test('offers nothing from a real shop to the test market, and stays open on an unknown one', async () => {
    const outcome = await quote(basket({ market: 'ZZ' }));

    expect(outcome.ok && outcome.value).toMatchObject([
      { shopId: 'shp_1', options: [] },
      { shopId: 'shp_2', options: [{ id: 'standard-id-id' }] },
    ]);
  });

  test('of one shop leaves the others out', async () => {
    const outcome = await quote(basket({ shopId: 'shp_2' }));

    expect(outcome.ok && outcome.value.map(({ shopId }) => shopId)).toEqual(['shp_2']);
  });

  test('names every line and the shop that it cannot find', async () => {
    const outcome = await quote(
      basket({
        shopId: 'shp_9',
        variantLines: [
          { variantId: 'var_9', quantity: 1 },
          { variantId: 'var_1', quantity: 1 },
          { variantId: 'var_8', quantity: 1 },
        ],
      }),
    );

    expect(outcome).toEqual({
      ok: false,
      refusal: {
        problems: [],
        missing: [['shopId'], ['variantLines', 0, 'variantId'], ['variantLines', 2, 'variantId']],
      },
    });
  });

  test.for([
    ['UNKNOWN_MARKET', { market: 'AQ' }],
    ['LINE_COUNT', { variantLines: [] }],
    ['LINE_COUNT', { variantLines: Array(101).fill({ variantId: 'var_1', quantity: 1 }) }],
    ['OUT_OF_RANGE', { variantLines: [{ variantId: 'var_1', quantity: 0 }] }],
    ['OUT_OF_RANGE', { variantLines: [{ variantId: 'var_1', quantity: 1_000 }] }],
    ['TOO_HEAVY', { variantLines: [{ variantId: 'var_heavy', quantity: 2 }] }],
  ] as const)('is refused with %s', async ([code, overrides]) => {
    expect(await quote(basket(overrides))).toMatchObject({
      ok: false,
      refusal: { problems: [{ code }] },
    });
  });

  test('reports all that is wrong at once', async () => {
    const outcome = await quote(
      basket({
        market: 'AQ',
        variantLines: [
          { variantId: 'var_1', quantity: -1 },
          { variantId: 'var_1', quantity: 0 },
        ],
      }),
    );

    expect(!outcome.ok && outcome.refusal.problems.map(({ path }) => path.join('.'))).toEqual([
      'market',
      'variantLines.0.quantity',
      'variantLines.1.quantity',
    ]);
  });
});
