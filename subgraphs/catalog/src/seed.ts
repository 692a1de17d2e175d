import { money } from '@vitrine/kernel/money';
import type { Services } from '@vitrine/platform/services';
import { categories, leafCategories } from './categories/category.data.ts';
import { listingStore } from './listings/listing.store.ts';
import { productStore } from './products/product.store.ts';
import type { Dimensions, Product, ProductImage } from './products/product.ts';

export interface ProductSeed {
  readonly productId: string;
  readonly shopId: string;
  /** By BCP 47 language; holds the default language. */
  readonly titles: Readonly<Record<string, string>>;
  readonly descriptions: Readonly<Record<string, string>>;
  readonly defaultLanguage: string;
  /** Code of a leaf of the category tree. */
  readonly category: string;
  readonly images: readonly (Omit<ProductImage, 'alt'> & { readonly alt?: string | null })[];
  readonly variants: readonly VariantSeed[];
  readonly publishedAt: Date;
}

export interface VariantSeed {
  readonly variantId: string;
  readonly sku: string;
  /** Such as `{ Colour: 'Red' }`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly weightGrams: number;
  readonly dimensionsMm: Dimensions;
  readonly prices: readonly {
    readonly market: string;
    readonly minor: bigint | number;
    readonly currencyCode: string;
    /** Shown struck through; in the same currency. */
    readonly strikethroughMinor?: bigint | number | null;
  }[];
}

const BATCH = 100;

function toActive(seed: ProductSeed): Product {
  const { productId: id, shopId, titles, descriptions, defaultLanguage, category } = seed;
  if (!categories.isLeaf(category)) {
    throw new Error(`${category} is no leaf category; there are ${leafCategories.join(', ')}`);
  }
  if (titles[defaultLanguage] === undefined) {
    throw new Error(`${id} has no title in its default language ${defaultLanguage}`);
  }
  return {
    id,
    shopId,
    state: 'ACTIVATE',
    version: 1,
    defaultLanguage,
    texts: Object.entries(titles).map(([language, title]) => ({
      language,
      title,
      description: descriptions[language] ?? '',
    })),
    category,
    images: seed.images.map(({ alt = null, ...image }) => ({ ...image, alt })),
    variants: seed.variants.map(({ variantId, attributes, prices, ...variant }) => ({
      ...variant,
      id: variantId,
      productId: id,
      attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
      prices: prices.map(({ market, minor, currencyCode, strikethroughMinor = null }) => ({
        market,
        price: money(BigInt(minor), currencyCode),
        strikethrough:
          strikethroughMinor === null ? null : money(BigInt(strikethroughMinor), currencyCode),
      })),
    })),
    retired: [],
    publishedAt: seed.publishedAt,
    createdAt: seed.publishedAt,
    updatedAt: seed.publishedAt,
  };
}

/**
 * Puts products on sale as if they had been published at `publishedAt`, with their listings and
 * facts. They stand for what was reviewed elsewhere, so the listing rules are not asked. Throws
 * where a product or one of its SKUs exists already; each batch of 100 is written whole or not.
 */
export async function seedProducts(
  services: Services,
  seeds: readonly ProductSeed[],
): Promise<void> {
  const store = productStore(services, listingStore(services, categories));
  const products = seeds.map(toActive);
  for (let at = 0; at < products.length; at += BATCH) {
    await store.addAll(products.slice(at, at + BATCH));
  }
}
