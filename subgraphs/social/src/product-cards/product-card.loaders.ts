import { loaderById } from '@vitrine/platform/loaders';
import type { ProductCards } from './product-card.ts';

/** Built once per request. */
export const productCardLoaders = (cards: ProductCards) => ({
  cardByProduct: loaderById(cards.findMany, ({ productId }) => productId),
});
