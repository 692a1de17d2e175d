import type { Services } from '@vitrine/platform/services';
import type { ClientSession } from 'mongoose';
import { type ProductCardRow, productCardModel, toProductCard } from './product-card.model.ts';
import type { ProductCard, ProductCards } from './product-card.ts';

export interface ProductCardStore extends ProductCards {
  /** Keeps the newest version, whatever order they come in. */
  project(card: ProductCard, version: number, session: ClientSession): Promise<void>;
}

export function productCardStore({ db }: Pick<Services, 'db'>): ProductCardStore {
  const cards = productCardModel(db);
  return {
    async findMany(productIds) {
      const rows = await cards.find({ _id: { $in: productIds } }).lean<ProductCardRow[]>();
      return rows.map(toProductCard);
    },
    async project({ productId, ...shown }, version, session) {
      const known = await cards.findById(productId).session(session).lean<ProductCardRow>();
      if (!known) await cards.insertMany([{ _id: productId, ...shown, version }], { session });
      else if (known.version < version) {
        await cards.updateOne(
          { _id: productId, version: { $lt: version } },
          { $set: { ...shown, version } },
          { session },
        );
      }
    },
  };
}
