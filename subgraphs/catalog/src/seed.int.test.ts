import { listingChanged } from '@vitrine/events/catalog';
import { idMaker } from '@vitrine/kernel/id';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { describe, expect } from 'vitest';
import { catalog } from './index.ts';
import { type ProductSeed, seedProducts } from './seed.ts';

const test = subgraphTest(catalog);
const newId = idMaker();
const shopId = newId('shp');

const aSeed = (number: number): ProductSeed => ({
  productId: newId('prd'),
  shopId,
  titles: { id: `Tas ransel kanvas nomor ${number}`, en: `Canvas backpack number ${number}` },
  descriptions: { id: 'Kuat dan ringan.' },
  defaultLanguage: 'id',
  category: 'backpacks',
  images: [{ url: `https://pictures.example/${number}.png`, width: 800, height: 800 }],
  variants: ['Hitam', 'Biru'].map((colour) => ({
    variantId: newId('var'),
    sku: `BAG-${number}-${colour}`,
    attributes: { Warna: colour },
    weightGrams: 700,
    dimensionsMm: { length: 400, width: 300, height: 200 },
    prices: [{ market: 'ID', minor: 25_000_000n, currencyCode: 'IDR' }],
  })),
  publishedAt: new Date(Date.UTC(2026, 1, 1, 0, number)),
});

describe('seeding', () => {
  test('makes products that buyers find, and tells the others', async ({ subgraph }) => {
    const seed = aSeed(1);
    await seedProducts(subgraph.services, [seed]);

    const found = await subgraph.execute(
      `query ($id: ID!) {
        product(id: $id) { title state version publishedAt variants { sku attributes { value } } }
        products(market: "ID", first: 10) { nodes { id priceRange(market: "ID") { min { amount } } } }
      }`,
      { id: seed.productId },
    );

    expect(found.errors).toBeUndefined();
    expect(found.data?.['product']).toMatchObject({
      title: 'Tas ransel kanvas nomor 1',
      state: 'ACTIVATE',
      version: 1,
      publishedAt: '2026-02-01T00:01:00.000Z',
      variants: [{ attributes: [{ value: 'Hitam' }] }, { attributes: [{ value: 'Biru' }] }],
    });
    expect(found.data?.['products'].nodes).toEqual([
      { id: seed.productId, priceRange: { min: { amount: '250000.00' } } },
    ]);
    expect(await subgraph.emitted(listingChanged)).toMatchObject([
      { productId: seed.productId, isActive: true, defaultLanguage: 'id' },
    ]);
  });

  test('writes nothing of a batch that holds a known id', async ({ subgraph }) => {
    const [known, fresh] = [aSeed(2), aSeed(3)];
    await seedProducts(subgraph.services, [known]);

    await expect(seedProducts(subgraph.services, [fresh, known])).rejects.toThrow(/duplicate/i);

    const found = await subgraph.execute('query ($id: ID!) { product(id: $id) { id } }', {
      id: fresh.productId,
    });
    expect(found.data).toEqual({ product: null });
  });

  test('refuses a category that is no leaf', async ({ subgraph }) => {
    const seed = { ...aSeed(4), category: 'bags' };
    await expect(seedProducts(subgraph.services, [seed])).rejects.toThrow('no leaf category');
  });

  test('takes 500 products in under four seconds', async ({ subgraph }) => {
    const seeds = Array.from({ length: 500 }, (_, index) => aSeed(100 + index));
    const startedAt = performance.now();
    await seedProducts(subgraph.services, seeds);
    const tookMs = performance.now() - startedAt;

    expect(tookMs).toBeLessThan(4_000);
    expect(await subgraph.emitted(listingChanged)).toHaveLength(500);
  });
});
