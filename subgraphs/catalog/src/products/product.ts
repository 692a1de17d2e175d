import type { Money } from '@vitrine/kernel/money';
import type { Outcome } from '@vitrine/kernel/outcome';
import { bestFor } from '../localisation/language.ts';
import type { ProductState } from './product-state.ts';

export interface ProductText {
  readonly language: string;
  readonly title: string;
  readonly description: string;
}

export interface ProductImage {
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly alt: string | null;
}

export interface VariantAttribute {
  readonly name: string;
  readonly value: string;
}

export interface Dimensions {
  readonly length: number;
  readonly width: number;
  readonly height: number;
}

export interface VariantPrice {
  readonly market: string;
  readonly price: Money;
  readonly strikethrough: Money | null;
}

export interface Variant {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly attributes: readonly VariantAttribute[];
  readonly weightGrams: number | null;
  readonly dimensionsMm: Dimensions | null;
  readonly prices: readonly VariantPrice[];
}

/** What the seller writes and the listing rules judge. */
export interface ProductContent {
  readonly defaultLanguage: string;
  readonly texts: readonly ProductText[];
  readonly category: string | null;
  readonly images: readonly ProductImage[];
  readonly variants: readonly Variant[];
}

export interface Product extends ProductContent {
  readonly id: string;
  readonly shopId: string;
  readonly state: ProductState;
  /** 1 for a new draft; raised by one with every change. */
  readonly version: number;
  /** Variants that were on sale once and are sold no more; orders still point at them. */
  readonly retired: readonly Variant[];
  /** When buyers could first see it; null while they never could. */
  readonly publishedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Why a product could not be stored as decided. */
export type StoreRefusal =
  | { readonly type: 'STALE' }
  /** Other products of the shop have these. */
  | { readonly type: 'SKUS_TAKEN'; readonly skus: readonly string[] };

/** Where products are kept. Implemented over MongoDB in `product.store.ts`. */
export interface Products {
  find(id: string): Promise<Product | null>;
  /**
   * Adds a new draft. The same `creationKey` adds once: a second call answers the first's product,
   * so that a creation that was cut off can be run again.
   */
  add(product: Product, creationKey: string): Promise<Outcome<Product, StoreRefusal>>;
  /**
   * Stores `after` in place of `before`, with the listings and the fact that follow from it, if
   * `before` is still the current version; else `STALE`.
   */
  replace(before: Product, after: Product): Promise<Outcome<Product, StoreRefusal>>;
}

/** Whether buyers can find and buy it. */
export const isOnSale = ({ state }: Pick<Product, 'state'>): boolean => state === 'ACTIVATE';

/** Whether strangers may know it: what was never published is its shop's secret. */
export const wasPublished = ({ publishedAt }: Pick<Product, 'publishedAt'>): boolean =>
  publishedAt !== null;

/** The text for a reader who wants these languages, most wanted first; falls back to the product's own. */
export function textFor(
  { texts, defaultLanguage }: Pick<ProductContent, 'texts' | 'defaultLanguage'>,
  wanted: readonly string[],
): ProductText {
  const text = bestFor(texts, ({ language }) => language, [...wanted, defaultLanguage]) ?? texts[0];
  if (!text) throw new Error('Invariant broken: a product has a text in its default language');
  return text;
}

export const priceIn = ({ prices }: Pick<Variant, 'prices'>, market: string): VariantPrice | null =>
  prices.find((price) => price.market === market) ?? null;

/** From the cheapest to the dearest variant; null where none is sold. */
export function priceRange(
  { variants }: Pick<ProductContent, 'variants'>,
  market: string,
): { readonly min: Money; readonly max: Money } | null {
  const prices = variants
    .map((variant) => priceIn(variant, market)?.price)
    .filter((price) => price !== undefined)
    .toSorted((a, b) => (a.minor < b.minor ? -1 : a.minor > b.minor ? 1 : 0));
  const [min, max] = [prices[0], prices.at(-1)];
  return min && max ? { min, max } : null;
}

/** The markets in which any variant has a price, sorted. */
export const marketsOf = ({ variants }: Pick<ProductContent, 'variants'>): readonly string[] =>
  [...new Set(variants.flatMap(({ prices }) => prices.map(({ market }) => market)))].toSorted();
