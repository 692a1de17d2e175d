import { type Connection, type Model, Schema } from 'mongoose';
import { type MoneyRow, moneySchema, toMoney } from '../stored-money.ts';
import type { Listing, Offer } from './offer.ts';

/** One listing with all its variants, so that a change of it is one atomic write. */
export interface ListingRow {
  /** The product's id. */
  readonly _id: string;
  readonly version: number;
  readonly shopId: string;
  readonly isActive: boolean;
  readonly titles: Record<string, string>;
  readonly defaultLanguage: string;
  readonly variants: readonly VariantRow[];
}

interface VariantRow {
  readonly variantId: string;
  readonly sku: string;
  readonly weightGrams: number;
  readonly prices: readonly { readonly market: string; readonly price: MoneyRow }[];
}

const price = new Schema(
  {
    market: { type: String, required: true },
    price: { type: moneySchema, required: true },
  },
  { _id: false, strict: 'throw' },
);

const variant = new Schema<VariantRow>(
  {
    variantId: { type: String, required: true },
    sku: { type: String, required: true },
    weightGrams: { type: Number, required: true },
    prices: { type: [price], required: true },
  },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<ListingRow>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    shopId: { type: String, default: '' },
    isActive: { type: Boolean, required: true },
    titles: { type: Schema.Types.Mixed, required: true },
    defaultLanguage: { type: String, default: '' },
    variants: { type: [variant], required: true },
  },
  { collection: 'listings', versionKey: false, strict: 'throw', minimize: false },
);

// Carts and checkouts price their variants.
schema.index({ 'variants.variantId': 1 });

export const listingModel = (db: Connection): Model<ListingRow> =>
  (db.models['Listing'] as Model<ListingRow> | undefined) ?? // registered below, with this schema
  db.model<ListingRow>('Listing', schema);

export const toOffers = ({ _id, variants, version: _, ...listing }: ListingRow): Offer[] =>
  variants.map(({ prices, ...one }) => ({
    ...listing,
    ...one,
    productId: _id,
    prices: prices.map(({ market, price: amount }) => ({ market, price: toMoney(amount) })),
  }));

export function toRow({ productId, version, offers }: Listing): ListingRow {
  const [first] = offers;
  return {
    _id: productId,
    version,
    shopId: first?.shopId ?? '',
    isActive: first?.isActive ?? false,
    titles: { ...first?.titles },
    defaultLanguage: first?.defaultLanguage ?? '',
    variants: offers.map(({ variantId, sku, weightGrams, prices }) => ({
      variantId,
      sku,
      weightGrams,
      prices,
    })),
  };
}
