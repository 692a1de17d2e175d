import { loaderById } from '@vitrine/platform/loaders';
import DataLoader from 'dataloader';
import type { ProductStore } from './product.store.ts';
import type { Product, Variant } from './product.ts';

/** A variant with the product that decides who may see it. */
export interface OwnedVariant {
  readonly variant: Variant;
  readonly product: Product;
}

export type ProductLoaders = ReturnType<typeof productLoaders>;

/** Built once per request, so a cached value never outlives its caller. */
export function productLoaders(store: Pick<ProductStore, 'findMany' | 'findByVariants'>) {
  return {
    productById: loaderById(store.findMany, ({ id }) => id),
    variantById: new DataLoader<string, OwnedVariant | null>(async (ids) => {
      const found = new Map(
        (await store.findByVariants(ids)).flatMap((product) =>
          [...product.variants, ...product.retired].map(
            (variant) => [variant.id, { variant, product }] as const,
          ),
        ),
      );
      return ids.map((id) => found.get(id) ?? null);
    }),
  };
}
