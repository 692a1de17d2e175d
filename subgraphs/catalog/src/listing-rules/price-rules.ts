import { type ProductContent, priceIn, type VariantPrice } from '../products/product.ts';
import type { MarketRule } from './market-rule.ts';
import { type Problem, problem } from './problem.ts';

type Path = readonly (string | number)[];

/** What one price breaks by itself. `path` leads to the price of the market. */
export function priceProblems(
  { market, price, strikethrough }: VariantPrice,
  currencyCode: string,
  path: Path,
): Problem[] {
  const found: Problem[] = [];
  for (const [part, amount] of [
    ['price', price],
    ['strikethroughPrice', strikethrough],
  ] as const) {
    if (amount && amount.currencyCode !== currencyCode) {
      const message = `Prices in ${market} are in ${currencyCode}, not in ${amount.currencyCode}.`;
      found.push(problem('CURRENCY_MISMATCH', message, [...path, part], market));
    }
  }
  if (price.minor <= 0n) {
    found.push(problem('PRICE_NOT_POSITIVE', 'A price is above zero.', [...path, 'price'], market));
  }
  if (strikethrough && strikethrough.minor <= price.minor) {
    const message = 'The price struck through is higher than the price.';
    found.push(
      problem('STRIKETHROUGH_NOT_HIGHER', message, [...path, 'strikethroughPrice'], market),
    );
  }
  return found;
}

/** Every variant has a price in each market of the product, in the market's currency. */
export const marketPriceProblems = (
  { variants }: Pick<ProductContent, 'variants'>,
  rules: readonly MarketRule[],
): Problem[] =>
  rules.flatMap(({ market, currencyCode }) =>
    variants.flatMap((variant, at) => {
      const path = ['variants', at, 'prices'];
      const own = priceIn(variant, market);
      if (own) return priceProblems(own, currencyCode, [...path, variant.prices.indexOf(own)]);
      const message = `Every variant has a price in ${market}.`;
      return [problem('PRICE_MISSING', message, path, market)];
    }),
  );
