import type { listingChanged } from '@vitrine/events/catalog';
import type { FactOf } from '@vitrine/events/fact';

/** What discovery knows of a product: a projection of catalog's listing and logistics' stock. */
export interface Offer {
  readonly productId: string;
  /** Null while only its stock is known: facts of two subgraphs come in any order. */
  readonly listing: Listing | null;
  readonly stock: readonly VariantStock[];
}

export interface Listing {
  readonly version: number;
  readonly isActive: boolean;
  readonly category: string;
  /** By BCP 47 language. */
  readonly titles: Readonly<Record<string, string>>;
  readonly defaultLanguage: string;
  readonly variants: readonly { readonly variantId: string; readonly markets: readonly string[] }[];
}

export interface VariantStock {
  readonly variantId: string;
  readonly isAvailable: boolean;
  readonly version: number;
}

export const noOffer = (productId: string): Offer => ({ productId, listing: null, stock: [] });

export function withListing(
  offer: Offer,
  {
    aggregateVersion,
    payload,
  }: Pick<FactOf<typeof listingChanged>, 'aggregateVersion' | 'payload'>,
): Offer {
  if (offer.listing && offer.listing.version >= aggregateVersion) return offer;
  const { isActive, category, titles, defaultLanguage, variants } = payload;
  return {
    ...offer,
    listing: {
      version: aggregateVersion,
      isActive,
      category,
      titles,
      defaultLanguage,
      variants: variants.map(({ variantId, prices }) => ({
        variantId,
        markets: prices.map(({ market }) => market),
      })),
    },
  };
}

export function withStock(offer: Offer, news: VariantStock): Offer {
  const known = offer.stock.find(({ variantId }) => variantId === news.variantId);
  if (known && known.version >= news.version) return offer;
  return {
    ...offer,
    stock: [...offer.stock.filter(({ variantId }) => variantId !== news.variantId), news],
  };
}

/**
 * Markets in which it can be bought now: listed there, with a variant that is there. A variant of
 * which no stock was ever reported is not there.
 */
export function marketsOf({ listing, stock }: Offer): Set<string> {
  if (!listing?.isActive) return new Set();
  const available = new Set(
    stock.filter(({ isAvailable }) => isAvailable).map(({ variantId }) => variantId),
  );
  return new Set(
    listing.variants
      .filter(({ variantId }) => available.has(variantId))
      .flatMap(({ markets }) => markets),
  );
}

/** The title in the first language wanted that it has, or in its own. */
export function titleIn({ listing }: Offer, languages: readonly string[]): string | null {
  if (!listing) return null;
  const { titles, defaultLanguage } = listing;
  const wanted = languages.flatMap((tag) => [tag, tag.split('-')[0] ?? tag]);
  const language = wanted.find((tag) => titles[tag] !== undefined) ?? defaultLanguage;
  return titles[language] ?? Object.values(titles)[0] ?? null;
}
