import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Connection } from 'mongoose';
import { type ListingRow, listingModel, toOffers, toRow } from './offer.model.ts';
import type { Listing, Offers } from './offer.ts';

export interface OfferStore extends Offers {
  /** Replaces the product's offers, unless what is stored is as new. */
  project(listing: Listing, tx: Transaction): Promise<void>;
}

export function offerStore(db: Connection): OfferStore {
  const listings = listingModel(db);
  return {
    async findMany(variantIds) {
      const wanted = new Set(variantIds);
      const rows = await listings
        .find({ 'variants.variantId': { $in: [...wanted] } })
        .lean<ListingRow[]>();
      return rows.flatMap(toOffers).filter(({ variantId }) => wanted.has(variantId));
    },

    async project(listing, { session }) {
      const row = toRow(listing);
      const stored = await listings
        .findById(row._id, { version: 1 }, { session })
        .lean<ListingRow>();
      if (stored && stored.version >= row.version) return;
      // Two first versions at once violate the primary key: the consumer's retry finds the row.
      if (!stored) await listings.insertMany([row], { session });
      else {
        const { _id, ...changed } = row;
        await listings.updateOne(
          { _id, version: { $lt: row.version } },
          { $set: changed },
          { session },
        );
      }
    },
  };
}
