import { type Connection, type Model, Schema } from 'mongoose';
import type { Variant } from './variant.ts';

/** A variant as stored. */
export interface VariantRow extends Omit<Variant, 'variantId'> {
  readonly _id: string;
  /** Of the listing that was projected last; 0 for a variant that came with seeded stock. */
  readonly listingVersion: number;
}

const schema = new Schema<VariantRow>(
  {
    _id: { type: String, required: true },
    productId: { type: String, required: true },
    shopId: { type: String, required: true },
    weightGrams: { type: Number, required: true },
    isOnSale: { type: Boolean, required: true },
    listingVersion: { type: Number, required: true },
  },
  { collection: 'variants', versionKey: false, strict: 'throw' },
);
// The variants of a page of products; a listing that drops some.
schema.index({ productId: 1 });

export const variantModel = (db: Connection): Model<VariantRow> =>
  (db.models['Variant'] as Model<VariantRow> | undefined) ?? // registered below, with this schema
  db.model<VariantRow>('Variant', schema);

/** Up to which version a product's listing was taken over. */
export interface ListingRow {
  /** The product. */
  readonly _id: string;
  readonly version: number;
}

const listings = new Schema<ListingRow>(
  { _id: { type: String, required: true }, version: { type: Number, required: true } },
  { collection: 'listings', versionKey: false, strict: 'throw' },
);

/**
 * One document per product that every listing of it writes: two listings worked at once may have no
 * variant in common, and would each be stored beside the other.
 */
export const listingModel = (db: Connection): Model<ListingRow> =>
  (db.models['Listing'] as Model<ListingRow> | undefined) ?? // registered below, with this schema
  db.model<ListingRow>('Listing', listings);

export const toVariant = ({
  _id: variantId,
  listingVersion: _,
  ...variant
}: VariantRow): Variant => ({
  variantId,
  ...variant,
});
