import { type Connection, type Model, Schema } from 'mongoose';

/** What a shop is called, for whoever chooses among their shops. */
export interface ShopNameRow {
  readonly _id: string;
  readonly name: string;
  /** Of the shop; null for one that opened before this was kept. */
  readonly market: string | null;
}

const schema = new Schema<ShopNameRow>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    market: { type: String, default: null },
  },
  { collection: 'shop_names', versionKey: false, strict: 'throw' },
);

export const shopNameModel = (db: Connection): Model<ShopNameRow> =>
  (db.models['ShopName'] as Model<ShopNameRow> | undefined) ?? // registered below, with this schema
  db.model<ShopNameRow>('ShopName', schema);
