import type { CategoryTree } from '../categories/category.ts';
import type { ProductContent } from '../products/product.ts';
import type { MarketRule } from './market-rule.ts';
import { type Problem, problem } from './problem.ts';

const path = ['category'];

/** A category is prohibited or restricted where it or anything above it is. */
export function categoryProblems(
  { category }: Pick<ProductContent, 'category'>,
  rules: readonly MarketRule[],
  categories: CategoryTree,
): Problem[] {
  if (category === null) {
    return [problem('CATEGORY_MISSING', 'A product on sale has a category.', path)];
  }
  const lineage = categories.lineage(category).map(({ code }) => code);
  if (lineage.length === 0) {
    return [problem('CATEGORY_UNKNOWN', `There is no category ${category}.`, path)];
  }
  const found: Problem[] = [];
  if (!categories.isLeaf(category)) {
    const inside = categories.under(category).map(({ code }) => code);
    const message = `Choose a category under ${category}, such as ${inside[0]}.`;
    found.push(problem('CATEGORY_NOT_LEAF', message, path));
  }
  for (const { market, prohibitedCategories, restrictedCategories } of rules) {
    if (lineage.some((code) => prohibitedCategories.includes(code))) {
      const message = `${category} may not be sold in ${market}.`;
      found.push(problem('CATEGORY_PROHIBITED', message, path, market));
    } else if (lineage.some((code) => restrictedCategories.includes(code))) {
      const message = `${category} may be sold in ${market} only by shops with an approved qualification.`;
      found.push(problem('CATEGORY_RESTRICTED', message, path, market));
    }
  }
  return found;
}
