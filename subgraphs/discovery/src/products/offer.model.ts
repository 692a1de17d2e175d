import { type Connection, type Model, Schema } from 'mongoose';
import { type Listing, marketsOf, type Offer, type VariantStock } from './offer.ts';

export interface OfferRow {
  readonly _id: string;
  readonly listing: Listing | null;
  readonly stock: readonly VariantStock[];
  /** What `marketsOf` says, for the index. */
  readonly markets: readonly string[];
}

const stock = new Schema<VariantStock>(
  {
    variantId: { type: String, required: true },
    isAvailable: { type: Boolean, required: true },
    version: { type: Number, required: true },
  },
  { _id: false, strict: 'throw' },
);

const variant = new Schema<Listing['variants'][number]>(
  { variantId: { type: String, required: true }, markets: { type: [String], required: true } },
  { _id: false, strict: 'throw' },
);

const listing = new Schema<Listing>(
  {
    version: { type: Number, required: true },
    isActive: { type: Boolean, required: true },
    category: { type: String, required: true },
    titles: { type: Schema.Types.Mixed, required: true },
    defaultLanguage: { type: String, required: true },
    variants: { type: [variant], required: true },
  },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<OfferRow>(
  {
    _id: { type: String, required: true },
    listing: { type: listing, default: null },
    stock: { type: [stock], required: true },
    markets: { type: [String], required: true },
  },
  { collection: 'offers', versionKey: false, strict: 'throw' },
);
// New arrivals of a market: ids rise with the time they were made.
schema.index({ markets: 1, _id: -1 });

export const offerModel = (db: Connection): Model<OfferRow> =>
  (db.models['Offer'] as Model<OfferRow> | undefined) ?? // registered below, with this schema
  db.model<OfferRow>('Offer', schema);

export const toOffer = ({ _id: productId, listing: own, stock: all }: OfferRow): Offer => ({
  productId,
  listing: own,
  stock: all,
});

export const toRow = (offer: Offer): OfferRow => ({
  _id: offer.productId,
  listing: offer.listing,
  stock: offer.stock,
  markets: [...marketsOf(offer)].toSorted(),
});
