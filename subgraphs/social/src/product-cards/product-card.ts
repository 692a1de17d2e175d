import { type Money, money } from '@vitrine/kernel/money';

/** Minor units as digits, so that a card survives JSON. */
export interface CardPrice {
  readonly minor: string;
  readonly currencyCode: string;
}

/** What social knows of a product: enough to draw it on screen in every market. */
export interface ProductCard {
  readonly productId: string;
  readonly shopId: string;
  readonly isActive: boolean;
  /** By BCP 47 language, at least one. */
  readonly titles: Readonly<Record<string, string>>;
  readonly defaultLanguage: string;
  readonly imageUrl: string | null;
  /** The lowest price of each market the product is sold in. */
  readonly prices: readonly (CardPrice & { readonly market: string })[];
}

/** A product card as one market sees it: what rooms show and live events carry. */
export interface MarketCard {
  readonly productId: string;
  readonly titles: Readonly<Record<string, string>>;
  readonly defaultLanguage: string;
  readonly thumbnailUrl: string | null;
  readonly price: CardPrice | null;
  /** Listed, and priced in the market. */
  readonly isActive: boolean;
}

/** Where product cards are kept. Implemented over MongoDB in `product-card.store.ts`. */
export interface ProductCards {
  findMany(productIds: readonly string[]): Promise<ProductCard[]>;
}

/** A listing as catalog tells it, as far as a card needs it. */
export interface Listing extends Omit<ProductCard, 'prices'> {
  readonly variants: readonly {
    readonly prices: readonly { readonly market: string; readonly price: CardPrice }[];
  }[];
}

export function cardOfListing({ variants, ...shown }: Listing): ProductCard {
  const { productId, shopId, isActive, titles, defaultLanguage, imageUrl } = shown;
  const offers = variants.flatMap((variant) => variant.prices);
  const prices = [...Map.groupBy(offers, ({ market }) => market)].flatMap(([market, own]) => {
    const lowest = own
      .map(({ price }) => price)
      .reduce((a, b) => (BigInt(b.minor) < BigInt(a.minor) ? b : a));
    return [{ market, minor: lowest.minor, currencyCode: lowest.currencyCode }];
  });
  return { productId, shopId, isActive, titles, defaultLanguage, imageUrl, prices };
}

export function cardIn(card: ProductCard, market: string): MarketCard {
  const offer = card.prices.find((price) => price.market === market);
  return {
    productId: card.productId,
    titles: card.titles,
    defaultLanguage: card.defaultLanguage,
    thumbnailUrl: card.imageUrl,
    price: offer ? { minor: offer.minor, currencyCode: offer.currencyCode } : null,
    isActive: card.isActive && offer !== undefined,
  };
}

export const moneyOf = ({ minor, currencyCode }: CardPrice): Money =>
  money(BigInt(minor), currencyCode);

const primary = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? tag;

/** The title in the first wanted language there is (exactly, else of the same main language), else the seller's own. */
export function titleIn(
  { titles, defaultLanguage }: Pick<MarketCard, 'titles' | 'defaultLanguage'>,
  wanted: readonly string[],
): string {
  for (const tag of wanted) {
    const exact = titles[tag];
    if (exact !== undefined) return exact;
    const near = Object.keys(titles).find((known) => primary(known) === primary(tag));
    if (near !== undefined) return titles[near] ?? '';
  }
  return titles[defaultLanguage] ?? Object.values(titles)[0] ?? '';
}
