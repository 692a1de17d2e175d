import type { Clock } from '@vitrine/kernel/clock';
import { marketOf, ruleOf } from '@vitrine/markets/market';
import type { CategoryTree } from '../categories/category.ts';
import { marketsOf } from '../products/product.ts';
import { listingProblems, type ReviewListing } from './listing-rules.ts';
import type { MarketRule } from './market-rule.ts';

function marketRule(code: string, at: Date): MarketRule {
  const market = marketOf(code);
  // Prices of unknown markets are refused where they come in; a market is never taken back.
  if (!market) throw new Error(`a price is in ${code}, where the platform does not trade`);
  const { isTest, currencyCode, languages } = market;
  return { market: code, isTest, currencyCode, languages, ...ruleOf(market, 'listing', at) };
}

/**
 * Reviews by the rules in force now, in every market the product has a price in and in the shop's
 * own: a shop sells at home at least.
 */
export const reviewListing =
  (categories: CategoryTree, clock: Clock): ReviewListing =>
  (content, homeMarket) => {
    const markets = new Set([homeMarket, ...marketsOf(content)]);
    const rules = [...markets].map((market) => marketRule(market, clock()));
    return listingProblems(content, rules, categories);
  };
