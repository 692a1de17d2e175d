import { loaderOfMany } from '@vitrine/platform/loaders';
import type { StockLevel } from './stock-level.ts';

export type StockLoaders = ReturnType<typeof stockLoaders>;

export const stockLoaders = (stock: {
  findByVariants(variantIds: readonly string[]): Promise<StockLevel[]>;
}) => ({
  stockLevelsByVariant: loaderOfMany(stock.findByVariants, ({ variantId }) => variantId),
});
