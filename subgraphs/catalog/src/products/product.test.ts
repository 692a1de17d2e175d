import { money } from '@vitrine/kernel/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listingChangedPayload } from './listing-changed.ts';
import { aPrice, aProduct, aVariant } from './product.fixture.ts';
import { marketsOf, priceRange, textFor } from './product.ts';
import { canFind, canFollow } from './visibility.ts';

describe('a price range', () => {
  test('spans all variants of the market, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1 }), (minors) => {
        const variants = minors.map((minor) =>
          aVariant({
            prices: [{ market: 'DE', price: money(minor, 'EUR'), strikethrough: null }],
          }),
        );
        const range = priceRange({ variants }, 'DE');
        expect(minors.every((minor) => range && range.min.minor <= minor)).toBe(true);
        expect(minors.every((minor) => range && range.max.minor >= minor)).toBe(true);
        expect(minors).toContain(range?.min.minor);
        expect(minors).toContain(range?.max.minor);
      }),
    );
  });

  test('is absent where no variant is sold', () => {
    expect(priceRange(aProduct(), 'ID')).toBeNull();
  });

  test('leaves out variants without a price there', () => {
    const variants = [
      aVariant({ prices: [aPrice('DE', 'EUR', 10), aPrice('ID', 'IDR', 90)] }),
      aVariant({ prices: [aPrice('DE', 'EUR', 20)] }),
    ];
    expect(priceRange({ variants }, 'ID')).toEqual({
      min: money(9_000n, 'IDR'),
      max: money(9_000n, 'IDR'),
    });
    expect(marketsOf({ variants })).toEqual(['DE', 'ID']);
  });
});

test('a reader without a language in common gets the default one', () => {
  const product = aProduct({
    defaultLanguage: 'id',
    texts: [
      { language: 'en', title: 'Boots', description: '' },
      { language: 'id', title: 'Sepatu bot', description: '' },
    ],
  });
  expect(textFor(product, ['th']).title).toBe('Sepatu bot');
  expect(textFor(product, []).title).toBe('Sepatu bot');
  expect(textFor(product, ['en-GB']).title).toBe('Boots');
});

describe('who sees a product', () => {
  const stranger = { isOperator: false, worksFor: () => false };
  const staff = { isOperator: false, worksFor: (shopId: string) => shopId === 'shp_1' };
  const operator = { isOperator: true, worksFor: () => false };
  const publishedAt = new Date('2026-03-01T12:00:00Z');

  test.for([
    ['a draft', aProduct(), false, false],
    ['one on sale', aProduct({ state: 'ACTIVATE', publishedAt }), true, true],
    ['one taken off sale', aProduct({ state: 'SELLER_DEACTIVATED', publishedAt }), false, true],
    ['a deleted one', aProduct({ state: 'DELETED', publishedAt }), false, true],
    ['a deleted draft', aProduct({ state: 'DELETED' }), false, false],
  ] as const)('strangers and %s', ([, product, isFound, isFollowed]) => {
    expect(canFind(product, stranger)).toBe(isFound);
    expect(canFollow(product, stranger)).toBe(isFollowed);
    for (const insider of [staff, operator]) {
      expect(canFind(product, insider)).toBe(true);
      expect(canFollow(product, insider)).toBe(true);
    }
  });

  test('staff of another shop are strangers', () => {
    expect(canFollow(aProduct({ shopId: 'shp_2' }), staff)).toBe(false);
  });
});

test('the fact of a product on sale carries its words, prices and weights as values', () => {
  const product = aProduct({
    state: 'ACTIVATE',
    variants: [aVariant({ attributes: [{ name: 'Größe', value: '42' }] })],
  });
  expect(listingChangedPayload(product)).toEqual({
    productId: 'prd_1',
    shopId: 'shp_1',
    isActive: true,
    titles: { de: 'Wanderstiefel aus Leder' },
    defaultLanguage: 'de',
    imageUrl: 'https://pictures.example/boot.png',
    category: 'hiking',
    variants: [
      {
        variantId: 'var_1',
        sku: 'BOOT-1',
        attributes: { Größe: '42' },
        weightGrams: 900,
        prices: [{ market: 'DE', price: { minor: '12000', currencyCode: 'EUR' } }],
      },
    ],
  });
  expect(listingChangedPayload({ ...product, state: 'DELETED' }).isActive).toBe(false);
});
