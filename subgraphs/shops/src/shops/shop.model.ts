import { type Connection, type Model, Schema } from 'mongoose';
import type { Shop } from './shop.ts';

export interface ShopRow extends Omit<Shop, 'id'> {
  readonly _id: string;
}

const schema = new Schema<ShopRow>(
  {
    _id: { type: String, required: true },
    ownerUserId: { type: String, required: true },
    name: { type: String, required: true },
    // An empty text is no missing one.
    description: { type: String, default: '' },
    market: { type: String, required: true },
    currencyCode: { type: String, required: true },
    state: { type: String, enum: ['OPEN'], required: true },
    openedAt: { type: Date, required: true },
    version: { type: Number, required: true },
    appId: { type: String, default: null },
  },
  { collection: 'shops', versionKey: false, strict: 'throw' },
);
// The shops of a market, the newest first.
schema.index({ market: 1, state: 1, openedAt: -1, _id: -1 });
// An app has one test shop, however often its registration is told.
schema.index(
  { appId: 1 },
  { unique: true, partialFilterExpression: { appId: { $type: 'string' } } },
);

export const shopModel = (db: Connection): Model<ShopRow> =>
  (db.models['Shop'] as Model<ShopRow> | undefined) ?? // registered below, with this schema
  db.model<ShopRow>('Shop', schema);

export const toShop = ({ _id: id, ...shop }: ShopRow): Shop => ({
  id,
  ...shop,
  // Shops that opened before there were apps have none.
  appId: shop.appId ?? null,
});

export const toRow = ({ id, ...shop }: Shop): ShopRow => ({ _id: id, ...shop });
