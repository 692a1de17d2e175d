import { money } from '@vitrine/kernel/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { categoryTree } from '../categories/category.ts';
import { aPrice, aProduct, aVariant } from '../products/product.fixture.ts';
import type { ProductContent } from '../products/product.ts';
import { listingProblems } from './listing-rules.ts';
import { aRule } from './market-rule.fixture.ts';

const node = (code: string, parent: string | null) => ({ code, parent, names: { en: code } });
const categories = categoryTree([
  node('sports', null),
  node('hiking', 'sports'),
  node('food', null),
  node('drinks', 'food'),
  node('tea', 'drinks'),
  node('weapons', null),
  node('swords', 'weapons'),
]);

const problemsOf = (content: Partial<ProductContent>, rules = [aRule()]) =>
  listingProblems(aProduct(content), rules, categories);
const codesOf = (content: Partial<ProductContent>, rules = [aRule()]) =>
  problemsOf(content, rules).map(({ code }) => code);

test('a product that lacks nothing has no problem', () => {
  expect(problemsOf({})).toEqual([]);
});

describe('the test market', () => {
  const testRule = aRule({ market: 'ZZ', currencyCode: 'XTS', isTest: true });
  const variants = [aVariant({ prices: [aPrice('DE', 'EUR', 1), aPrice('ZZ', 'XTS', 1)] })];

  test('takes nothing of a real shop', () => {
    expect(problemsOf({ variants }, [aRule(), testRule])).toEqual([
      {
        code: 'TEST_MARKET_APART',
        message: 'Only shops of the test market sell there.',
        path: ['variants', 0, 'prices', 1],
        market: 'ZZ',
      },
    ]);
  });

  test('lets nothing of its own shops out', () => {
    expect(problemsOf({ variants }, [testRule, aRule()])).toEqual([
      {
        code: 'TEST_MARKET_APART',
        message: 'A shop of the test market sells in ZZ alone.',
        path: ['variants', 0, 'prices', 0],
        market: 'DE',
      },
    ]);
  });

  test('is a market like any other to its own shops', () => {
    const own = [aVariant({ prices: [aPrice('ZZ', 'XTS', 1)] })];
    expect(problemsOf({ variants: own }, [testRule])).toEqual([]);
  });
});

test('everything wrong is said at once, each with its place', () => {
  const problems = problemsOf({
    texts: [{ language: 'de', title: 'Stiefel 👢', description: '' }],
    category: null,
    images: [],
    variants: [aVariant({ sku: 'a b', weightGrams: null, prices: [] })],
  });
  expect(problems.map(({ code, path }) => [code, path.join('.')])).toEqual([
    ['TITLE_HAS_EMOJI', 'texts.0.title'],
    ['CATEGORY_MISSING', 'category'],
    ['IMAGE_MISSING', 'images'],
    ['SKU_HAS_SPACES', 'variants.0.sku'],
    ['WEIGHT_MISSING', 'variants.0.weightGrams'],
    ['PRICE_MISSING', 'variants.0.prices'],
  ]);
  expect(problems.every(({ message }) => message.length > 0)).toBe(true);
});

describe('a category', () => {
  test.for([
    ['hiking', []],
    ['sports', ['CATEGORY_NOT_LEAF']],
    ['sailing', ['CATEGORY_UNKNOWN']],
    ['tea', ['CATEGORY_RESTRICTED']],
    ['swords', ['CATEGORY_PROHIBITED']],
  ] as const)('%s: %s', ([category, codes]) => {
    expect(codesOf({ category })).toEqual(codes);
  });

  test('that one market prohibits can be sold in the others', () => {
    const variants = [aVariant({ prices: [aPrice('DE', 'EUR', 1), aPrice('US', 'USD', 1)] })];
    const us = aRule({ market: 'US', currencyCode: 'USD', prohibitedCategories: [] });
    expect(problemsOf({ category: 'swords', variants }, [us])).toEqual([]);
    expect(problemsOf({ category: 'swords', variants }, [us, aRule()])).toMatchObject([
      { code: 'CATEGORY_PROHIBITED', market: 'DE' },
    ]);
  });
});

describe('pictures', () => {
  const picture = (width: number, height: number) => ({
    url: 'https://pictures.example/1.png',
    width,
    height,
    alt: null,
  });

  test('have 300 to 4,000 pixels a side', () => {
    fc.assert(
      fc.property(fc.integer({ max: 9_000 }), fc.integer({ max: 9_000 }), (width, height) => {
        const fits = [width, height].every((side) => side >= 300 && side <= 4_000);
        expect(codesOf({ images: [picture(width, height)] })).toEqual(fits ? [] : ['IMAGE_SIZE']);
      }),
    );
  });

  test('are nine at most', () => {
    const images = Array.from({ length: 9 }, () => picture(300, 4_000));
    expect(codesOf({ images })).toEqual([]);
    expect(codesOf({ images: [...images, picture(300, 300)] })).toEqual(['TOO_MANY_IMAGES']);
  });
});

describe('prices', () => {
  test("are in each market's currency, for every variant", () => {
    const rules = [aRule(), aRule({ market: 'US', currencyCode: 'USD' })];
    const variants = [
      aVariant({
        sku: 'A',
        attributes: [{ name: 'Size', value: '42' }],
        prices: [aPrice('DE', 'EUR', 120), aPrice('US', 'EUR', 130)],
      }),
      aVariant({ sku: 'B', attributes: [{ name: 'Size', value: '43' }] }),
    ];
    expect(
      problemsOf({ variants }, rules).map(({ code, market, path }) => [
        code,
        market,
        path.join('.'),
      ]),
    ).toEqual([
      ['CURRENCY_MISMATCH', 'US', 'variants.0.prices.1.price'],
      ['PRICE_MISSING', 'US', 'variants.1.prices'],
    ]);
  });

  test('are above zero, and below what is struck through', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 1_000n), fc.option(fc.bigInt(0n, 1_000n)), (minor, struck) => {
        const prices = [
          {
            market: 'DE',
            price: money(minor, 'EUR'),
            strikethrough: struck === null ? null : money(struck, 'EUR'),
          },
        ];
        const codes = codesOf({ variants: [aVariant({ prices })] });
        expect(codes.includes('PRICE_NOT_POSITIVE')).toBe(minor === 0n);
        expect(codes.includes('STRIKETHROUGH_NOT_HIGHER')).toBe(struck !== null && struck <= minor);
      }),
    );
  });
});
