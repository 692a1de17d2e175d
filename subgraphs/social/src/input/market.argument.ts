import { marketOf } from '@vitrine/markets/market';
import { GraphQLError } from 'graphql';

/** Throws a top-level `UNKNOWN_MARKET` error for an argument that names no market of the platform. */
export function requireMarket(code: string): void {
  if (marketOf(code)) return;
  throw new GraphQLError(`There is no market ${code}.`, { extensions: { code: 'UNKNOWN_MARKET' } });
}
