import type { listingChanged } from '@vitrine/events/catalog';
import type { FactOf } from '@vitrine/events/fact';
import { type Money, money } from '@vitrine/kernel/money';

/** What orders know of a variant: enough to price, weigh and name it without asking the catalog. */
export interface Offer {
  readonly variantId: string;
  readonly productId: string;
  readonly shopId: string;
  readonly sku: string;
  /** Packed, one unit. */
  readonly weightGrams: number;
  /** By BCP 47 language. */
  readonly titles: Readonly<Record<string, string>>;
  readonly defaultLanguage: string;
  readonly prices: readonly { readonly market: string; readonly price: Money }[];
  /** Only an active offer may be bought. */
  readonly isActive: boolean;
}

/** All offers of one product, as of one version of its listing. */
export interface Listing {
  readonly productId: string;
  /** The catalog's `aggregateVersion`; an older fact never overwrites a newer one. */
  readonly version: number;
  readonly offers: readonly Offer[];
}

/** Where the projection is read. */
export interface Offers {
  /** In any order; unknown variants are left out. */
  findMany(variantIds: readonly string[]): Promise<Offer[]>;
}

/** What a unit costs in a market now, or null where it is not for sale. */
export function priceIn(offer: Offer, market: string): Money | null {
  if (!offer.isActive) return null;
  return offer.prices.find((one) => one.market === market)?.price ?? null;
}

/** The name in the first language that it is written in, else in the product's own. */
export function titleOf(offer: Offer, languages: readonly string[]): string {
  const language = languages.find((wanted) => offer.titles[wanted] !== undefined);
  return offer.titles[language ?? offer.defaultLanguage] ?? offer.sku;
}

export function listingOf({
  payload,
  aggregateVersion,
}: Pick<FactOf<typeof listingChanged>, 'payload' | 'aggregateVersion'>): Listing {
  const { productId, shopId, titles, defaultLanguage, isActive } = payload;
  return {
    productId,
    version: aggregateVersion,
    offers: payload.variants.map(({ variantId, sku, weightGrams, prices }) => ({
      variantId,
      productId,
      shopId,
      sku,
      weightGrams,
      titles,
      defaultLanguage,
      isActive,
      prices: prices.map(({ market, price }) => ({
        market,
        price: money(BigInt(price.minor), price.currencyCode),
      })),
    })),
  };
}
