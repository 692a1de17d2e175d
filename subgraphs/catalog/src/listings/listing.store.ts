import type { Transaction } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import type { CategoryTree } from '../categories/category.ts';
import type { Product } from '../products/product.ts';
import { type ListingRow, listingModel } from './listing.model.ts';
import { type ListingFilter, type ListingSort, listingsOf } from './listing.ts';

/** A place in a list: enough to fetch the product and to continue after it. */
export interface ListingPlace {
  readonly productId: string;
  readonly cursor: readonly (string | number)[];
}

export interface ListingStore {
  /** Makes the listings of these products what follows from them, in the transaction that changed them. */
  replace(products: readonly Product[], tx: Transaction): Promise<void>;
  /** One row more than the page. */
  page(filter: ListingFilter, sort: ListingSort, page: Page): Promise<readonly ListingPlace[]>;
}

const orders: Record<ListingSort, Order> = {
  NEWEST: { publishedAt: -1, _id: -1 },
  PRICE_ASC: { minPriceMinor: 1, _id: 1 },
  PRICE_DESC: { minPriceMinor: -1, _id: -1 },
  // Every hit has every word, so all match equally well.
  RELEVANCE: { publishedAt: -1, _id: -1 },
};

function conditions(filter: ListingFilter): object[] {
  const { market, shopIds, categories, keywords } = filter;
  const between = (key: string, from: unknown, to: unknown): object[] =>
    from === null && to === null
      ? []
      : [
          {
            [key]: {
              ...(from === null ? {} : { $gte: from }),
              ...(to === null ? {} : { $lte: to }),
            },
          },
        ];
  return [
    { market },
    ...(shopIds ? [{ shopId: { $in: shopIds } }] : []),
    ...(categories ? [{ categories: { $in: categories } }] : []),
    ...(keywords.length > 0 ? [{ keywords: { $all: keywords } }] : []),
    ...between('minPriceMinor', filter.minPriceMinor, filter.maxPriceMinor),
    ...between('updatedAt', filter.updatedAfter, filter.updatedBefore),
  ];
}

export function listingStore({ db }: Pick<Services, 'db'>, categories: CategoryTree): ListingStore {
  const listings = listingModel(db);
  return {
    async replace(products, { session }) {
      if (products.length === 0) return;
      const ids = products.map(({ id }) => id);
      await listings.deleteMany({ productId: { $in: ids } }, { session });
      const rows = products.flatMap((product) =>
        listingsOf(product, categories).map((listing) => ({
          ...listing,
          _id: `${listing.productId}/${listing.market}`,
        })),
      );
      if (rows.length > 0) await listings.insertMany(rows, { session });
    },

    async page(filter, sort, page) {
      const order = orders[sort];
      const rows = await listings
        .find({
          $and: [
            ...conditions(filter),
            after(order, page, { publishedAt: 'date', minPriceMinor: 'number' }),
          ],
        })
        .sort(sortOf(order, page))
        .limit(page.size + 1)
        .select({ productId: 1, publishedAt: 1, minPriceMinor: 1 })
        .lean<Pick<ListingRow, '_id' | 'productId' | 'publishedAt' | 'minPriceMinor'>[]>();
      return rows.map(({ _id, productId, publishedAt, minPriceMinor }) => ({
        productId,
        // No price exceeds what a number holds exactly; see `product-input.ts`.
        cursor: ['publishedAt' in order ? publishedAt.getTime() : Number(minPriceMinor), _id],
      }));
    },
  };
}
