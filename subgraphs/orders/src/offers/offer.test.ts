import { money } from '@vitrine/kernel/money';
import { expect, test } from 'vitest';
import { listingOf, priceIn, titleOf } from './offer.ts';

const listing = (isActive: boolean) =>
  listingOf({
    aggregateVersion: 7,
    payload: {
      productId: 'prd_1',
      shopId: 'shp_1',
      isActive,
      titles: { de: 'Ding', en: 'Thing' },
      defaultLanguage: 'en',
      imageUrl: null,
      category: 'things',
      variants: ['var_1', 'var_2'].map((variantId) => ({
        variantId,
        sku: `sku-${variantId}`,
        attributes: {},
        weightGrams: 100,
        // Beyond what a double holds exactly.
        prices: [{ market: 'ID', price: { minor: '9007199254740993', currencyCode: 'IDR' } }],
      })),
    },
  });

const firstOf = (isActive: boolean) => {
  const [offer] = listing(isActive).offers;
  if (!offer) throw new Error('the listing has variants');
  return offer;
};

test('every variant of a listing is an offer of the same version', () => {
  const { version, offers } = listing(true);

  expect(version).toBe(7);
  expect(offers.map(({ variantId }) => variantId)).toEqual(['var_1', 'var_2']);
});

test('a price is exact, and exists only where the variant is sold', () => {
  expect(priceIn(firstOf(true), 'ID')).toEqual(money(9_007_199_254_740_993n, 'IDR'));
  expect(priceIn(firstOf(true), 'DE')).toBeNull();
});

test('nothing that was taken down has a price', () => {
  expect(priceIn(firstOf(false), 'ID')).toBeNull();
});

test.for([
  [['de'], 'Ding'],
  [['id', 'de'], 'Ding'],
  [['id'], 'Thing'],
] as const)('for %s the name is %s', ([languages, title]) => {
  expect(titleOf(firstOf(true), languages)).toBe(title);
});
