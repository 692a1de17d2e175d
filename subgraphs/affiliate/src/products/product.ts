import type { listingChanged } from '@vitrine/events/catalog';
import type { FactOf } from '@vitrine/events/fact';

/** What affiliate knows of a product: a projection of catalog's listing. */
export interface ListedProduct {
  readonly id: string;
  readonly shopId: string;
  readonly isActive: boolean;
  /** Markets it has a price in. */
  readonly markets: readonly string[];
  /** Of the listing this was read from. */
  readonly version: number;
}

export interface ListedProducts {
  find(id: string): Promise<ListedProduct | null>;
}

export const productOf = ({
  aggregateVersion,
  payload,
}: Pick<FactOf<typeof listingChanged>, 'aggregateVersion' | 'payload'>): ListedProduct => ({
  id: payload.productId,
  shopId: payload.shopId,
  isActive: payload.isActive,
  markets: [
    ...new Set(payload.variants.flatMap(({ prices }) => prices.map(({ market }) => market))),
  ].toSorted(),
  version: aggregateVersion,
});
