import { marketOf } from '@vitrine/markets/market';
import { encodeCursor, type Page, readPage } from '@vitrine/platform/pages';
import { GraphQLError } from 'graphql';
import type { Resolvers } from '../generated.ts';
import type { RecommendationConnectionMapper } from '../mappers.ts';
import type { Suggestion } from '../ranking/suggestion.ts';
import type { Picked } from './page.ts';

const bad = (code: string, message: string) => new GraphQLError(message, { extensions: { code } });

const strange = () => bad('CURSOR_INVALID', 'This cursor was not given out by this list.');

function knownMarket(market: string): string {
  if (marketOf(market)) return market;
  throw bad('UNKNOWN_MARKET', `There is no market ${market}.`);
}

function connection<Item extends Suggestion>(
  { cursor }: Page,
  { items, hasMore }: Picked<Item>,
  cursorOf: (item: Item) => readonly (string | number)[],
): RecommendationConnectionMapper {
  const edges = items.map((node) => ({ cursor: encodeCursor(cursorOf(node)), node }));
  return {
    edges,
    nodes: items,
    pageInfo: {
      hasNextPage: hasMore,
      hasPreviousPage: cursor !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** A cursor of these lists holds a text and a number, in the order in which the list gave them out. */
function placeOf({ cursor }: Page): { readonly text: string; readonly number: number } | null {
  if (cursor === null) return null;
  const text = cursor.find((value) => typeof value === 'string');
  const number = cursor.find((value) => typeof value === 'number');
  if (cursor.length === 2 && text !== undefined && number !== undefined) return { text, number };
  throw strange();
}

function positionOf(number: number): number {
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw strange();
}

export const recommendationResolvers: Resolvers = {
  Query: {
    async trendingProducts(_root, { market, category, ...args }, { suggestions }) {
      const page = readPage(args);
      const place = placeOf(page);
      const after = place && { heat: place.number, productId: place.text };
      const picked = await suggestions.trending(
        knownMarket(market),
        category ?? null,
        page.size,
        after,
      );
      return connection(page, picked, ({ place: { heat, productId } }) => [heat, productId]);
    },
  },
  Viewer: {
    __resolveReference: ({ id }) => ({ id }),
    async recommendedProducts({ id }, { market, ...args }, { viewer, suggestions }) {
      if (viewer?.userId !== id) return null;
      const page = readPage(args);
      const place = placeOf(page);
      const after = place && { version: place.text, position: positionOf(place.number) };
      const picked = await suggestions.recommended(id, knownMarket(market), page.size, after);
      return connection(page, picked, ({ place: { version, position } }) => [version, position]);
    },
  },
  Product: {
    __resolveReference: ({ id }) => ({ id }),
    async relatedProducts({ id }, { market, ...args }, { suggestions }) {
      const page = readPage(args);
      const place = placeOf(page);
      const after = place && { productId: place.text, position: positionOf(place.number) };
      const within = market ? knownMarket(market) : null;
      const picked = await suggestions.related(id, within, page.size, after);
      return connection(page, picked, ({ place: { position, productId } }) => [
        position,
        productId,
      ]);
    },
  },
  Recommendation: {
    product: ({ productId }) => ({ id: productId }),
    reason: (suggestion) => suggestion,
  },
  RecommendationReason: {
    text: (suggestion, _args, { suggestions }) => suggestions.reasonText(suggestion),
    because: ({ becauseId }) => (becauseId === null ? null : { id: becauseId }),
  },
};
