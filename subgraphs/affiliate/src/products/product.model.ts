import { type Connection, type Model, Schema } from 'mongoose';
import type { ListedProduct } from './product.ts';

export interface ProductRow extends Omit<ListedProduct, 'id'> {
  readonly _id: string;
}

const schema = new Schema<ProductRow>(
  {
    _id: { type: String, required: true },
    shopId: { type: String, required: true },
    isActive: { type: Boolean, required: true },
    markets: { type: [String], required: true },
    version: { type: Number, required: true },
  },
  { collection: 'products', versionKey: false, strict: 'throw' },
);

export const productModel = (db: Connection): Model<ProductRow> =>
  (db.models['Product'] as Model<ProductRow> | undefined) ?? // registered below, with this schema
  db.model<ProductRow>('Product', schema);

export const toProduct = ({ _id: id, ...product }: ProductRow): ListedProduct => ({
  id,
  ...product,
});
