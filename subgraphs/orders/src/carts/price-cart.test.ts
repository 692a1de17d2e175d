import { money, sum } from '@vitrine/kernel/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Offer } from '../offers/offer.ts';
import type { SellingRules } from '../selling/selling-rules.ts';
import type { Cart } from './cart.ts';
import { priceCart, quoteOf, subtotalOf } from './price-cart.ts';

const option = (id: string, minor: bigint) => ({
  id,
  name: id,
  price: money(minor, 'EUR'),
  minDays: 1,
  maxDays: 2,
});

const rules: SellingRules = {
  market: 'DE',
  currencyCode: 'EUR',
  languages: ['de'],
  isTest: false,
  freeCancelMinutes: 60,
  autoCancelDays: 7,
  shippingOptions: (grams) =>
    grams > 0 && grams < 30_000 ? [option('standard', 399n), option('express', 999n)] : [],
};

const offer = (variantId: string, shopId: string, minor: bigint): Offer => ({
  variantId,
  productId: `prd_${variantId}`,
  shopId,
  sku: variantId,
  weightGrams: 400,
  titles: { de: 'Ding', en: 'Thing' },
  defaultLanguage: 'en',
  prices: [{ market: 'DE', price: money(minor, 'EUR') }],
  isActive: true,
});

const cartOf = (offers: readonly Offer[], quantity = 1): Cart => ({
  id: 'crt_1',
  buyerId: 'usr_1',
  market: 'DE',
  version: 1,
  lines: offers.map(({ variantId, productId, shopId }) => ({
    variantId,
    productId,
    shopId,
    title: 'as it was',
    quantity,
    source: null,
  })),
});

const two = [offer('a', 'shp_1', 1_000n), offer('b', 'shp_2', 500n)];
const both = [
  { shopId: 'shp_1', optionId: 'standard' },
  { shopId: 'shp_2', optionId: 'express' },
];

test('a quote is the sum of its shops, and each shop the sum of its lines and shipping', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('1', '2', '3'), fc.bigInt(0n, 10n ** 9n)), {
        minLength: 1,
        maxLength: 10,
      }),
      fc.integer({ min: 1, max: 5 }),
      (priced, quantity) => {
        const offers = priced.map(([shop, minor], n) => offer(`var_${n}`, `shp_${shop}`, minor));
        const cart = priceCart(cartOf(offers, quantity), offers, rules);
        const quote = quoteOf(cart, [], 'CHEAPEST');
        if (!quote.ok) throw new Error(JSON.stringify(quote.refusal));

        const goods = priced.reduce((all, [, minor]) => all + minor * BigInt(quantity), 0n);
        expect(quote.value.total.minor).toBe(goods + 399n * BigInt(quote.value.shops.length));
        expect(
          sum(
            quote.value.shops.map(({ total }) => total),
            'EUR',
          ),
        ).toEqual(quote.value.total);
        expect(subtotalOf(cart).minor).toBe(goods);
      },
    ),
  );
});

describe('a quote is refused', () => {
  const priced = priceCart(cartOf(two), two, rules);
  const refusalOf = (...args: Parameters<typeof quoteOf>) => {
    const quote = quoteOf(...args);
    return quote.ok ? null : quote.refusal;
  };

  test('for an empty cart', () => {
    expect(refusalOf(priceCart(cartOf([]), [], rules), [], 'REFUSED')).toEqual({ kind: 'EMPTY' });
  });

  test('naming every line that cannot be bought', () => {
    const [a] = two;
    const elsewhere = { ...offer('c', 'shp_1', 1n), isActive: false };
    const cart = cartOf([...two, elsewhere]);
    expect(refusalOf(priceCart(cart, a ? [a, elsewhere] : [], rules), both, 'REFUSED')).toEqual({
      kind: 'UNAVAILABLE',
      variantIds: ['c', 'b'],
    });
  });

  test('when a price is in another currency than the market', () => {
    const foreign = [
      { ...offer('a', 'shp_1', 1n), prices: [{ market: 'DE', price: money(1n, 'USD') }] },
    ];
    expect(refusalOf(priceCart(cartOf(foreign), foreign, rules), [], 'CHEAPEST')).toEqual({
      kind: 'UNAVAILABLE',
      variantIds: ['a'],
    });
  });

  test('naming every choice that is repeated, of another shop, or of no option', () => {
    const choices = [
      { shopId: 'shp_1', optionId: 'standard' },
      { shopId: 'shp_1', optionId: 'express' },
      { shopId: 'shp_9', optionId: 'standard' },
      { shopId: 'shp_2', optionId: 'carrier-pigeon' },
    ];
    expect(refusalOf(priced, choices, 'CHEAPEST')).toEqual({
      kind: 'INVALID_CHOICES',
      indexes: [1, 2, 3],
    });
  });

  test('for shops without a choice, when choices are demanded', () => {
    expect(refusalOf(priced, both.slice(0, 1), 'REFUSED')).toEqual({
      kind: 'NOT_DELIVERABLE',
      shopIds: ['shp_2'],
    });
    expect(quoteOf(priced, both, 'REFUSED')).toMatchObject({
      ok: true,
      value: { total: { minor: 1_000n + 399n + 500n + 999n } },
    });
  });

  test('for a shop whose lines nothing carries', () => {
    const cart = priceCart(cartOf([offer('a', 'shp_1', 1n)], 99), [offer('a', 'shp_1', 1n)], rules);
    expect(refusalOf(cart, [], 'CHEAPEST')).toEqual({
      kind: 'NOT_DELIVERABLE',
      shopIds: ['shp_1'],
    });
  });
});

test('lines are named in the language of the market, and by what they were when delisted', () => {
  const [a, b] = two;
  if (!a || !b) throw new Error('there are two');
  const { shops } = priceCart(cartOf(two), [a], rules);

  expect(shops.flatMap(({ lines }) => lines.map(({ title }) => title))).toEqual([
    'Ding',
    'as it was',
  ]);
});
