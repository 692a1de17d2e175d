import { formatAmount } from '@vitrine/kernel/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ContentInput, readContent, wholeProblems } from './product-input.ts';

const rules = {
  currencyOf: (market: string) => (market === 'JP' ? 'JPY' : 'EUR'),
  isCategory: (code: string) => code === 'hiking',
};

const read = (input: ContentInput) => {
  const { content, problems } = readContent(input, rules);
  return { content, codes: problems.map(({ code, path }) => `${code} ${path.join('.')}`) };
};

const priced = (amount: string, currencyCode = 'EUR', market = 'DE') =>
  read({ variants: [{ sku: 'A', prices: [{ market, price: { amount, currencyCode } }] }] });

describe('reading content', () => {
  test('keeps what was given and leaves out what was not', () => {
    expect(read({ category: 'hiking', texts: null })).toEqual({
      content: { category: 'hiking' },
      codes: [],
    });
  });

  test('trims and composes text', () => {
    const { content } = read({
      texts: [{ language: 'de', title: '  Scho\u0308n ', description: ' a ' }],
    });
    expect(content.texts).toEqual([{ language: 'de', title: 'Schön', description: 'a' }]);
  });

  test('takes weights and sizes up to what a parcel can be, so that a cart of them adds up', () => {
    const dimensions = { lengthMillimetres: 100_000, widthMillimetres: 1, heightMillimetres: 1 };
    const heavy = (weightGrams: number, lengthMillimetres: number) =>
      read({
        variants: [{ sku: 'A', weightGrams, dimensions: { ...dimensions, lengthMillimetres } }],
      }).codes;

    expect(heavy(10_000_000, 100_000)).toEqual([]);
    expect(heavy(10_000_001, 100_001)).toEqual([
      'TOO_LARGE variants.0.weightGrams',
      'TOO_LARGE variants.0.dimensions.lengthMillimetres',
    ]);
  });

  test('reports every problem at once', () => {
    const { codes } = read({
      texts: [
        { language: 'de', title: 'a\u0000' },
        { language: 'de', title: 'x'.repeat(1_001) },
      ],
      category: 'sailing',
      images: [{ url: 'https://pictures.example/1', width: 0, height: 300 }],
      variants: [
        { sku: '', weightGrams: -1 },
        {
          sku: 'B',
          dimensions: { lengthMillimetres: 1, widthMillimetres: 0, heightMillimetres: 1 },
        },
      ],
    });
    expect(codes.toSorted()).toEqual([
      'CATEGORY_UNKNOWN category',
      'CONTROL_CHARACTERS texts.0.title',
      'LANGUAGE_REPEATED texts.1.language',
      'NOT_POSITIVE images.0.width',
      'NOT_POSITIVE variants.0.weightGrams',
      'NOT_POSITIVE variants.1.dimensions.widthMillimetres',
      'SKU_LENGTH variants.0.sku',
      'TEXT_TOO_LONG texts.1.title',
    ]);
  });

  test('bounds every list', () => {
    const texts = Array.from({ length: 21 }, (_, at) => ({ language: `l${at}`, title: 't' }));
    const variants = Array.from({ length: 301 }, (_, at) => ({ sku: `S${at}` }));
    const image = { url: 'https://pictures.example/1', width: 300, height: 300 };
    const images = Array.from({ length: 31 }, () => image);
    expect(read({ texts, images, variants }).codes).toEqual([
      'TOO_MANY_ITEMS variants',
      'TOO_MANY_ITEMS texts',
      'TOO_MANY_ITEMS images',
    ]);
  });
});

describe('reading a price', () => {
  test('keeps every minor unit', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, BigInt(Number.MAX_SAFE_INTEGER)), (minor) => {
        const { content, codes } = priced(formatAmount({ minor, currencyCode: 'EUR' }));
        expect(codes).toEqual([]);
        expect(content.variants?.[0]?.prices[0]?.price).toEqual({ minor, currencyCode: 'EUR' });
      }),
    );
  });

  test.for([
    ['-1', 'EUR', 'DE', 'NEGATIVE_AMOUNT variants.0.prices.0.price.amount'],
    ['1.999', 'EUR', 'DE', 'TOO_PRECISE variants.0.prices.0.price.amount'],
    ['1.5', 'JPY', 'JP', 'TOO_PRECISE variants.0.prices.0.price.amount'],
    ['1e3', 'EUR', 'DE', 'MALFORMED_AMOUNT variants.0.prices.0.price.amount'],
    ['90071992547409.92', 'EUR', 'DE', 'AMOUNT_TOO_LARGE variants.0.prices.0.price.amount'],
    ['1', 'XXY', 'DE', 'UNKNOWN_CURRENCY variants.0.prices.0.price.currencyCode'],
    ['1', 'USD', 'DE', 'CURRENCY_MISMATCH variants.0.prices.0.price'],
    ['0', 'EUR', 'DE', 'PRICE_NOT_POSITIVE variants.0.prices.0.price'],
  ] as const)('refuses %s %s in %s', ([amount, currencyCode, market, code]) => {
    expect(priced(amount, currencyCode, market).codes).toEqual([code]);
  });

  test('takes one per market', () => {
    const price = { market: 'DE', price: { amount: '1', currencyCode: 'EUR' } };
    expect(read({ variants: [{ sku: 'A', prices: [price, price] }] }).codes).toEqual([
      'MARKET_REPEATED variants.0.prices.1',
    ]);
  });
});

describe('the whole', () => {
  const draft = (id: string | null) => ({
    id,
    sku: 'A',
    attributes: [],
    weightGrams: null,
    dimensionsMm: null,
    prices: [],
  });
  const whole = {
    defaultLanguage: 'de',
    texts: [{ language: 'de', title: 'Stiefel', description: '' }],
    category: null,
    images: [],
    variants: [draft('var_1'), draft(null)],
  };
  const codes = (content: typeof whole) =>
    wholeProblems(content, new Set(['var_1'])).map(({ code }) => code);

  test('keeps known variants and adds new ones', () => {
    expect(codes(whole)).toEqual([]);
  });

  test('is written in its default language', () => {
    expect(codes({ ...whole, defaultLanguage: 'en' })).toEqual(['DEFAULT_LANGUAGE_MISSING']);
    const texts = [{ language: 'de', title: '', description: '' }];
    expect(codes({ ...whole, texts })).toEqual(['TITLE_BLANK']);
  });

  test("takes no other product's variant, and none twice", () => {
    expect(codes({ ...whole, variants: [draft('var_2')] })).toEqual(['VARIANT_UNKNOWN']);
    expect(codes({ ...whole, variants: [draft('var_1'), draft('var_1')] })).toEqual([
      'VARIANT_REPEATED',
    ]);
  });
});
