import { money } from '@vitrine/kernel/money';
import type { Product, Variant, VariantPrice } from './product.ts';

/** For tests: a price in whole currency units of two digits. */
export const aPrice = (market: string, currencyCode: string, units: number): VariantPrice => ({
  market,
  price: money(BigInt(units) * 100n, currencyCode),
  strikethrough: null,
});

export const aVariant = (overrides: Partial<Variant> = {}): Variant => ({
  id: 'var_1',
  productId: 'prd_1',
  sku: 'BOOT-1',
  attributes: [],
  weightGrams: 900,
  dimensionsMm: { length: 350, width: 220, height: 130 },
  prices: [aPrice('DE', 'EUR', 120)],
  ...overrides,
});

/** A draft that lacks nothing; override what the test is about. */
export const aProduct = (overrides: Partial<Product> = {}): Product => ({
  id: 'prd_1',
  shopId: 'shp_1',
  state: 'DRAFT',
  version: 1,
  defaultLanguage: 'de',
  texts: [{ language: 'de', title: 'Wanderstiefel aus Leder', description: 'Wasserdicht.' }],
  category: 'hiking',
  images: [{ url: 'https://pictures.example/boot.png', width: 1_000, height: 1_000, alt: null }],
  variants: [aVariant()],
  retired: [],
  publishedAt: null,
  createdAt: new Date('2026-03-01T12:00:00Z'),
  updatedAt: new Date('2026-03-01T12:00:00Z'),
  ...overrides,
});
