import { categories } from '@vitrine/catalog/categories/category.data';
import { reviewListing } from '@vitrine/catalog/listing-rules/review.data';
import type { ProductContent } from '@vitrine/catalog/products/product';
import { money } from '@vitrine/kernel/money';
import { marketOf, ruleOf } from '@vitrine/markets/market';
import { describe, expect, test } from 'vitest';
import type { DemoProduct } from './products.ts';
import { makeWorld } from './world.ts';

const NOW = new Date('2026-04-02T18:00:00.000Z');
const { products } = makeWorld({ seed: 7, now: NOW, mediaUrl: 'http://pictures.example/media' });

/** The product as its seller would have written it. */
const asWritten = (product: DemoProduct): ProductContent => ({
  defaultLanguage: product.defaultLanguage,
  texts: Object.entries(product.titles).map(([language, title]) => ({
    language,
    title,
    description: product.descriptions[language] ?? '',
  })),
  category: product.category,
  images: product.images,
  variants: product.variants.map(({ variantId, attributes, prices, ...variant }) => ({
    ...variant,
    id: variantId,
    productId: product.productId,
    attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
    prices: prices.map(({ market, minor, currencyCode }) => ({
      market,
      price: money(minor, currencyCode),
      strikethrough: null,
    })),
  })),
});

describe('a product of the demo', () => {
  test('could have been published: it breaks none of the rules of its market', () => {
    const review = reviewListing(categories, () => NOW);
    const problems = products.flatMap((product) => review(asWritten(product), product.market));

    expect(problems).toEqual([]);
  });

  test('would not pass with a title that is too short for a market that asks for more', () => {
    const review = reviewListing(categories, () => NOW);
    const strict = products.find(({ market }) => market === 'ID');
    if (!strict) throw new Error('the demo sells in Indonesia');
    const texts = [{ language: 'id', title: 'Tas', description: 'Tas kecil' }];

    expect(review({ ...asWritten(strict), texts }, 'ID')).toMatchObject([
      { code: 'TITLE_TOO_SHORT', market: 'ID' },
    ]);
  });

  test('has a title and a description in its market’s main language, long enough there', () => {
    for (const { market: code, titles, descriptions } of products) {
      const market = marketOf(code);
      if (!market) throw new Error(`the platform does not trade in ${code}`);
      const [language = ''] = market.languages;
      const { titleMinLength, titleMaxLength } = ruleOf(market, 'listing', NOW);
      const { length = 0 } = titles[language] ?? '';

      expect(length).toBeGreaterThanOrEqual(titleMinLength);
      expect(length).toBeLessThanOrEqual(titleMaxLength);
      expect(descriptions[language]).toContain(titles[language]);
      expect(descriptions[language]).not.toContain('{');
    }
  });

  test('is told apart from every other by its title', () => {
    const titles = products.map(({ titles: own, defaultLanguage }) => own[defaultLanguage]);

    expect(new Set(titles).size).toBe(products.length);
  });

  test('costs something, in its market’s currency, and all its variants the same', () => {
    for (const { market, variants } of products) {
      const prices = variants.flatMap((variant) => variant.prices);
      for (const price of prices) {
        expect(price.minor).toBeGreaterThan(0n);
        expect([price.market, price.currencyCode]).toEqual([
          market,
          marketOf(market)?.currencyCode,
        ]);
      }
      expect(new Set(prices.map(({ minor }) => minor)).size).toBe(1);
    }
  });

  test('costs about as much as such a thing does, in every currency', () => {
    // From the words' own ranges: 3 to 200 euros, whatever the currency's exponent.
    const plausible = { EUR: [300n, 20_000n], GBP: [250n, 18_000n], BRL: [1_500n, 130_000n] };
    for (const [currency, [low, high]] of Object.entries(plausible)) {
      const minors = products.flatMap(({ variants }) =>
        variants.flatMap(({ prices }) =>
          prices.filter(({ currencyCode }) => currencyCode === currency).map(({ minor }) => minor),
        ),
      );
      expect(minors.length).toBeGreaterThan(0);
      expect(minors.filter((minor) => minor < (low ?? 0n) || minor > (high ?? 0n))).toEqual([]);
    }
  });
});
