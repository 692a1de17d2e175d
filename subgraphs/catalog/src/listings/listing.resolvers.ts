import { connectionOf, readPage } from '@vitrine/platform/pages';
import { GraphQLError } from 'graphql';
import type { Resolvers } from '../generated.ts';
import { isOnSale } from '../products/product.ts';
import { type FilterRefusal, readFilter } from './list-arguments.ts';
import { requireMarket } from './market.argument.ts';

const messages: Record<FilterRefusal, string> = {
  MALFORMED_AMOUNT: 'A price bound is a decimal number, such as "19.90".',
  NEGATIVE_AMOUNT: 'A price bound is not negative.',
  TOO_PRECISE: 'A price bound has more digits after the point than its currency.',
  AMOUNT_TOO_LARGE: 'A price bound is too large.',
  UNKNOWN_CURRENCY: 'The currency of a price bound is not one of ISO 4217.',
  CURRENCY_MISMATCH: "A price bound is in the market's currency.",
  UNKNOWN_CATEGORY: 'There is no category with one of these codes.',
  FILTER_TOO_LARGE: 'A filter takes 100 shops, 50 categories and a text of 200 characters.',
};

export const listingResolvers: Resolvers = {
  Query: {
    async products(
      _root,
      { market: code, filter, sort, ...args },
      { loaders, listings, ...context },
    ) {
      const market = requireMarket(code);
      const page = readPage(args);
      const isCategory = (category: string) => context.categories.find(category) !== null;
      const wanted = readFilter(
        filter ?? {},
        { market: market.code, currencyCode: market.currencyCode },
        isCategory,
      );
      if (!wanted.ok) {
        throw new GraphQLError(messages[wanted.refusal], { extensions: { code: wanted.refusal } });
      }
      const places = await listings.page(wanted.value, sort ?? 'RELEVANCE', page);
      const { edges, pageInfo } = connectionOf(page, places, ({ cursor }) => cursor);
      const found = await Promise.all(
        edges.map(async ({ cursor, node: { productId } }) => ({
          cursor,
          node: await loaders.productById.load(productId),
        })),
      );
      // A product may leave between the two reads; the page is then one short.
      const onSale = found.flatMap(({ cursor, node }) =>
        node && isOnSale(node) ? [{ cursor, node }] : [],
      );
      return { edges: onSale, nodes: onSale.map(({ node }) => node), pageInfo };
    },
  },

  ProductConnection: {
    edges: ({ edges }) => [...edges],
    nodes: ({ nodes }) => [...nodes],
  },
};
