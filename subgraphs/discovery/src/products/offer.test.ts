import { describe, expect, test } from 'vitest';
import { marketsOf, noOffer, type Offer, titleIn, withListing, withStock } from './offer.ts';

const payload = {
  productId: 'prd_1',
  shopId: 'shp_1',
  isActive: true,
  titles: { en: 'Boots', 'pt-BR': 'Botas' },
  defaultLanguage: 'en',
  imageUrl: null,
  category: 'shoes',
  variants: [
    { variantId: 'var_1', markets: ['GB', 'ID'] },
    { variantId: 'var_2', markets: ['DE'] },
  ].map(({ variantId, markets }) => ({
    variantId,
    sku: variantId,
    attributes: {},
    weightGrams: 1,
    prices: markets.map((market) => ({ market, price: { minor: '1', currencyCode: 'EUR' } })),
  })),
};
const listed = (isActive = true, aggregateVersion = 1): Offer =>
  withListing(noOffer('prd_1'), { aggregateVersion, payload: { ...payload, isActive } });
const stock = (variantId: string, isAvailable: boolean, version = 1) => ({
  variantId,
  isAvailable,
  version,
});

describe('a product can be bought', () => {
  test('in the markets of the variants that are there', () => {
    expect(marketsOf(withStock(listed(), stock('var_1', true)))).toEqual(new Set(['GB', 'ID']));
  });

  test('nowhere before any stock was reported', () => {
    expect(marketsOf(listed())).toEqual(new Set());
  });

  test('nowhere when it is sold out', () => {
    const before = withStock(listed(), stock('var_1', true));

    expect(marketsOf(withStock(before, stock('var_1', false, 2)))).toEqual(new Set());
  });

  test('nowhere when it is taken down', () => {
    expect(marketsOf(withStock(listed(false), stock('var_1', true)))).toEqual(new Set());
  });

  test('nowhere when only a variant that is no longer listed is there', () => {
    expect(marketsOf(withStock(listed(), stock('var_9', true)))).toEqual(new Set());
  });

  test('whichever of listing and stock became known first', () => {
    const stockFirst = withListing(withStock(noOffer('prd_1'), stock('var_2', true)), {
      aggregateVersion: 1,
      payload,
    });

    expect(marketsOf(stockFirst)).toEqual(new Set(['DE']));
  });
});

describe('older news', () => {
  test('of a listing changes nothing', () => {
    const later = listed(false, 2);

    expect(withListing(later, { aggregateVersion: 1, payload })).toBe(later);
  });

  test('of stock changes nothing', () => {
    const later = withStock(listed(), stock('var_1', false, 2));

    expect(withStock(later, stock('var_1', true, 1))).toBe(later);
  });
});

test.each([
  [['pt-BR', 'en'], 'Botas'],
  [['en-GB'], 'Boots'],
  [['fr'], 'Boots'],
  [[], 'Boots'],
])('to people who read %o it is %s', (languages, title) => {
  expect(titleIn(listed(), languages)).toBe(title);
});

test('without a listing it has no title', () => {
  expect(titleIn(noOffer('prd_1'), ['en'])).toBeNull();
});
