import { type ProductContent, priceIn } from '../products/product.ts';
import type { MarketRule } from './market-rule.ts';
import { type Problem, problem } from './problem.ts';

/**
 * A shop of the test market sells there alone, and a real one never there: buyers must not meet a
 * developer's sample, nor a test buy real goods. The first rule is that of the shop's home.
 */
export function testMarketProblems(
  { variants }: Pick<ProductContent, 'variants'>,
  [home, ...others]: readonly MarketRule[],
): Problem[] {
  if (!home) return [];
  const message = home.isTest
    ? `A shop of the test market sells in ${home.market} alone.`
    : 'Only shops of the test market sell there.';
  return others
    .filter(({ isTest }) => isTest !== home.isTest)
    .flatMap(({ market }) =>
      variants.flatMap((variant, at) => {
        const own = priceIn(variant, market);
        if (!own) return [];
        const path = ['variants', at, 'prices', variant.prices.indexOf(own)];
        return [problem('TEST_MARKET_APART', message, path, market)];
      }),
    );
}
