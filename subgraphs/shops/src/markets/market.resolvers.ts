import { type Market, marketOf, markets } from '@vitrine/markets/market';
import { GraphQLError } from 'graphql';
import type { Resolvers } from '../generated.ts';

/** The market of an argument; a top-level `UNKNOWN_MARKET` error where the platform does not trade. */
export function requireMarket(code: string): Market {
  const market = marketOf(code);
  if (market) return market;
  throw new GraphQLError(`There is no market ${code}.`, { extensions: { code: 'UNKNOWN_MARKET' } });
}

/** Markets are data of the release, the same in every process: there is nothing to store or load. */
export const marketResolvers: Resolvers = {
  Query: {
    markets: () => [...markets()],
  },
};
