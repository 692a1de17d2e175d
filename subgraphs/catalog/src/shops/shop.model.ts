import type { Connection } from '@vitrine/platform/mongo';
import { type Model, Schema } from 'mongoose';
import type { Shop } from './shop.ts';

/** A shop as projected from `shops.shop-opened`. */
export interface ShopRow {
  readonly _id: string;
  readonly market: string;
  readonly currencyCode: string;
  /** The fact's, so that an older fact cannot turn the shop back. */
  readonly version: number;
}

const schema = new Schema<ShopRow>(
  {
    _id: { type: String, required: true },
    market: { type: String, required: true },
    currencyCode: { type: String, required: true },
    version: { type: Number, required: true },
  },
  { collection: 'shops', versionKey: false, strict: 'throw' },
);

export const shopModel = (db: Connection): Model<ShopRow> =>
  (db.models['Shop'] as Model<ShopRow> | undefined) ?? // registered below, with this schema
  db.model<ShopRow>('Shop', schema);

export const toShop = ({ _id: id, market, currencyCode }: ShopRow): Shop => ({
  id,
  market,
  currencyCode,
});
