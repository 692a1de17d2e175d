import { type Market, marketOf } from '@vitrine/markets/market';
import { GraphQLError } from 'graphql';

/** The market a client named; a top-level `UNKNOWN_MARKET` where the platform does not trade. */
export function requireMarket(code: string): Market {
  const market = marketOf(code);
  if (market) return market;
  throw new GraphQLError(`${code} is no market of this platform.`, {
    extensions: { code: 'UNKNOWN_MARKET' },
  });
}
