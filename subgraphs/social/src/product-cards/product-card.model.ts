import { type Connection, type Model, Schema } from 'mongoose';
import type { ProductCard } from './product-card.ts';

export interface ProductCardRow extends Omit<ProductCard, 'productId'> {
  readonly _id: string;
  /** Version of the product this was projected from. */
  readonly version: number;
}

const schema = new Schema<ProductCardRow>(
  {
    _id: { type: String, required: true },
    shopId: { type: String, required: true },
    isActive: { type: Boolean, required: true },
    titles: { type: Schema.Types.Mixed, required: true },
    defaultLanguage: { type: String, required: true },
    imageUrl: { type: String, default: null },
    prices: [
      {
        _id: false,
        market: { type: String, required: true },
        minor: { type: String, required: true },
        currencyCode: { type: String, required: true },
      },
    ],
    version: { type: Number, required: true },
  },
  { collection: 'product_cards', versionKey: false, strict: 'throw' },
);

export const productCardModel = (db: Connection): Model<ProductCardRow> =>
  (db.models['ProductCard'] as Model<ProductCardRow> | undefined) ?? // registered below, with this schema
  db.model<ProductCardRow>('ProductCard', schema);

export const toProductCard = ({ _id, version: _, ...shown }: ProductCardRow): ProductCard => ({
  productId: _id,
  ...shown,
});
