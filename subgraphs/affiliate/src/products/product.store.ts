import { violatedIndex } from '@vitrine/platform/mongo';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { type ProductRow, productModel, toProduct } from './product.model.ts';
import type { ListedProduct, ListedProducts } from './product.ts';

export interface ProductProjection extends ListedProducts {
  /** Keeps the newest version, whatever the order in which they come. */
  project(product: ListedProduct, tx: Transaction): Promise<void>;
}

export function productStore({ db }: Pick<Services, 'db'>): ProductProjection {
  const products = productModel(db);
  return {
    async find(id) {
      const row = await products.findById(id).lean<ProductRow>();
      return row && toProduct(row);
    },
    async project({ id, ...product }, { session }) {
      const known = await products.findById(id, { version: 1 }, { session }).lean<ProductRow>();
      if (known && known.version >= product.version) return;
      try {
        await products.updateOne(
          { _id: id, version: { $lt: product.version } },
          { $set: product },
          { upsert: true, session },
        );
      } catch (error) {
        // Somebody projected the product between the two lines above: the retry compares versions.
        if (violatedIndex(error)) throw new Error(`${id} is being projected twice at once`);
        throw error;
      }
    },
  };
}
