import type { CategoryTree } from '../categories/category.ts';
import type { ProductContent } from '../products/product.ts';
import { categoryProblems } from './category-rules.ts';
import { imageProblems } from './image-rules.ts';
import type { MarketRule } from './market-rule.ts';
import { marketPriceProblems } from './price-rules.ts';
import type { Problem } from './problem.ts';
import { testMarketProblems } from './test-market-rules.ts';
import { textProblems } from './text-rules.ts';
import { variantProblems } from './variant-rules.ts';

/**
 * Everything that stands between a product and buyers in the markets of `rules`, the shop's home
 * first; empty when nothing does. Publishing, reactivating, editing what is on sale and the dry run all ask here, so
 * that no draft passes and then fails.
 */
export const listingProblems = (
  content: ProductContent,
  rules: readonly MarketRule[],
  categories: CategoryTree,
): Problem[] => [
  ...textProblems(content, rules),
  ...categoryProblems(content, rules, categories),
  ...imageProblems(content, rules),
  ...variantProblems(content, rules),
  ...marketPriceProblems(content, rules),
  ...testMarketProblems(content, rules),
];

/** Judges a product of a shop whose home is `homeMarket`. */
export type ReviewListing = (content: ProductContent, homeMarket: string) => Problem[];
