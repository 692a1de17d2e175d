import type { Connection } from '@vitrine/platform/mongo';
import { type Model, Schema } from 'mongoose';
import type { Listing } from './listing.ts';

/** A listing as stored. The id is `<product id>/<market>`. */
export interface ListingRow extends Listing {
  readonly _id: string;
}

const text = { type: String, required: true } as const;

const schema = new Schema<ListingRow>(
  {
    _id: text,
    productId: text,
    shopId: text,
    market: text,
    minPriceMinor: { type: BigInt, required: true },
    categories: [String],
    keywords: [String],
    publishedAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'listings', versionKey: false, strict: 'throw' },
);

// A product's own listings, to be replaced together.
schema.index({ productId: 1 });
// A market's list, newest first; filters run along it.
schema.index({ market: 1, publishedAt: -1, _id: -1 });
// By price, either way, and between two prices.
schema.index({ market: 1, minPriceMinor: 1, _id: 1 });
// A category's page, newest first.
schema.index({ market: 1, categories: 1, publishedAt: -1, _id: -1 });
// Search: the database walks the rarest word's listings as it chooses.
schema.index({ market: 1, keywords: 1, publishedAt: -1, _id: -1 });
// A shop's products in a market.
schema.index({ market: 1, shopId: 1, publishedAt: -1, _id: -1 });
// Polling for what changed since.
schema.index({ market: 1, updatedAt: 1 });

export const listingModel = (db: Connection): Model<ListingRow> =>
  (db.models['Listing'] as Model<ListingRow> | undefined) ?? // registered below, with this schema
  db.model<ListingRow>('Listing', schema);
