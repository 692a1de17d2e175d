import { describe, expect, test } from 'vitest';
import { categoryTree } from '../categories/category.ts';
import { aPrice, aProduct, aVariant } from '../products/product.fixture.ts';
import { keywordsOf } from './keywords.ts';
import { listingsOf } from './listing.ts';

describe('keywords', () => {
  test('are distinct words, folded, without punctuation', () => {
    expect(keywordsOf(['Hiking boots, size 42!', 'BOOTS (leather)'])).toEqual([
      'hiking',
      'boots',
      'size',
      '42',
      'leather',
    ]);
  });

  test('unite full-width and ordinary letters', () => {
    expect(keywordsOf(['ＢＯＯＴＳ'])).toEqual(keywordsOf(['boots']));
  });

  test('are found where no spaces part them', () => {
    expect(keywordsOf(['รองเท้าเดินป่า'])).toContain('รองเท้า');
    expect(keywordsOf(['登山ブーツ'])).toContain('登山');
  });

  test('are bounded for a text of any length', () => {
    const endless = Array.from({ length: 10_000 }, (_, at) => `word${at}`).join(' ');
    expect(keywordsOf([endless])).toHaveLength(200);
    expect(keywordsOf(['x'.repeat(1_000)])).toEqual([]);
  });
});

describe('listings of a product', () => {
  const categories = categoryTree([
    { code: 'sports', parent: null, names: { en: 'Sports' } },
    { code: 'hiking', parent: 'sports', names: { en: 'Hiking' } },
  ]);
  const onSale = aProduct({
    state: 'ACTIVATE',
    publishedAt: new Date('2026-03-01T12:00:00Z'),
    variants: [
      aVariant({ prices: [aPrice('DE', 'EUR', 120), aPrice('FR', 'EUR', 130)] }),
      aVariant({ prices: [aPrice('DE', 'EUR', 110)] }),
    ],
  });

  test('are one for each market, at the price of the cheapest variant', () => {
    expect(listingsOf(onSale, categories)).toMatchObject([
      { market: 'DE', minPriceMinor: 11_000n, categories: ['sports', 'hiking'] },
      { market: 'FR', minPriceMinor: 13_000n, keywords: ['wanderstiefel', 'aus', 'leder'] },
    ]);
  });

  test.for(['DRAFT', 'SELLER_DEACTIVATED', 'PLATFORM_DEACTIVATED', 'FREEZE', 'DELETED'] as const)(
    'are none while it is %s',
    (state) => {
      expect(listingsOf({ ...onSale, state }, categories)).toEqual([]);
    },
  );
});
