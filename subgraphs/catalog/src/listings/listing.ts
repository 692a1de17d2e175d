import type { CategoryTree } from '../categories/category.ts';
import { isOnSale, marketsOf, type Product, priceRange } from '../products/product.ts';
import { keywordsOf } from './keywords.ts';

/** A product as the lists of one market find it. */
export interface Listing {
  readonly productId: string;
  readonly shopId: string;
  readonly market: string;
  /** Of the cheapest variant, in the market's currency. */
  readonly minPriceMinor: bigint;
  /** The product's category and everything above it. */
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly publishedAt: Date;
  readonly updatedAt: Date;
}

/** One for each market a product is sold in; none unless it is on sale. */
export function listingsOf(product: Product, categories: CategoryTree): Listing[] {
  const { id: productId, shopId, category, publishedAt, updatedAt, texts } = product;
  if (!isOnSale(product) || publishedAt === null) return [];
  const lineage = category === null ? [] : categories.lineage(category).map(({ code }) => code);
  const keywords = keywordsOf(texts.map(({ title }) => title));
  return marketsOf(product).flatMap((market) => {
    const range = priceRange(product, market);
    if (!range) return [];
    const minPriceMinor = range.min.minor;
    return [
      {
        productId,
        shopId,
        market,
        minPriceMinor,
        categories: lineage,
        keywords,
        publishedAt,
        updatedAt,
      },
    ];
  });
}

export type ListingSort = 'NEWEST' | 'PRICE_ASC' | 'PRICE_DESC' | 'RELEVANCE';

/** Conditions of a product list; they add up. */
export interface ListingFilter {
  readonly market: string;
  readonly shopIds: readonly string[] | null;
  readonly categories: readonly string[] | null;
  readonly minPriceMinor: bigint | null;
  readonly maxPriceMinor: bigint | null;
  readonly updatedAfter: Date | null;
  readonly updatedBefore: Date | null;
  /** All of these words. */
  readonly keywords: readonly string[];
}
