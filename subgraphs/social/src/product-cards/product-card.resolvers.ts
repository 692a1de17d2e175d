import type { Resolvers } from '../generated.ts';
import { moneyOf, titleIn } from './product-card.ts';

export const productCardResolvers: Resolvers = {
  ProductCard: {
    product: ({ productId }) => ({ id: productId }),
    title: (card, { language }, { languages }) =>
      titleIn(card, language == null ? languages : [language, ...languages]),
    price: ({ price }) => price && moneyOf(price),
  },
};
