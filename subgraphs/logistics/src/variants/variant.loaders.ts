import { loaderById, loaderOfMany } from '@vitrine/platform/loaders';
import type { Variants } from './variant.ts';

export type VariantLoaders = ReturnType<typeof variantLoaders>;

export const variantLoaders = (variants: Variants) => ({
  variantById: loaderById(variants.findMany, ({ variantId }) => variantId),
  variantsOnSaleByProduct: loaderOfMany(variants.findManyOnSale, ({ productId }) => productId),
});
