import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import type { Resolvers } from '../generated.ts';

export const shippingResolvers: Resolvers = {
  Query: {
    async shippingQuote(_root, { input }, { quoteShipping }) {
      const outcome = await quoteShipping(input);
      if (outcome.ok) return { shops: [...outcome.value], userErrors: [] };
      const { problems, missing } = outcome.refusal;
      return {
        shops: [],
        userErrors: [
          ...problems.map(invalidInput),
          ...missing.map((path) =>
            notFound(path[0] === 'shopId' ? 'In this basket the shop' : 'The variant', path),
          ),
        ],
      };
    },
  },
  ShopShippingQuote: {
    shop: ({ shopId }) => ({ id: shopId }),
    options: ({ options }) => [...options],
  },
  ShippingOption: {
    minTransitDays: ({ minDays }) => minDays,
    maxTransitDays: ({ maxDays }) => maxDays,
  },
};
