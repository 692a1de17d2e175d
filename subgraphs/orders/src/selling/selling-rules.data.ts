import { marketOf, ruleOf } from '@vitrine/markets/market';
import { shippingOptionsOf } from '@vitrine/markets/shipping';
import type { SellingRulesOf } from './selling-rules.ts';

/** Selling rules from the markets' data. */
export const sellingRulesOf: SellingRulesOf = (code, at) => {
  const market = marketOf(code);
  if (!market) return null;
  const { freeCancelMinutes } = ruleOf(market, 'checkout', at);
  const { autoCancelDays } = ruleOf(market, 'dispatch', at);
  return {
    market: code,
    isTest: market.isTest,
    currencyCode: market.currencyCode,
    languages: market.languages,
    freeCancelMinutes,
    autoCancelDays,
    shippingOptions: (weightGrams) =>
      weightGrams > 0 ? shippingOptionsOf({ market: code, weightGrams, at }) : [],
  };
};
