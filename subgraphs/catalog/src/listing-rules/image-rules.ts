import type { ProductContent } from '../products/product.ts';
import type { MarketRule } from './market-rule.ts';
import { type Problem, problem } from './problem.ts';

const SHORTEST_SIDE = 300;
const LONGEST_SIDE = 4_000;

const fits = (side: number): boolean => side >= SHORTEST_SIDE && side <= LONGEST_SIDE;

export function imageProblems(
  { images }: Pick<ProductContent, 'images'>,
  rules: readonly MarketRule[],
): Problem[] {
  const found: Problem[] = [];
  if (images.length === 0) {
    found.push(problem('IMAGE_MISSING', 'A product on sale has a picture.', ['images']));
  }
  for (const { market, maxImages } of rules) {
    if (images.length > maxImages) {
      const message = `In ${market} a product has at most ${maxImages} pictures.`;
      found.push(problem('TOO_MANY_IMAGES', message, ['images'], market));
    }
  }
  images.forEach(({ width, height }, at) => {
    if (fits(width) && fits(height)) return;
    const message = `A picture has ${SHORTEST_SIDE} to ${LONGEST_SIDE} pixels a side; this one has ${width} by ${height}.`;
    found.push(problem('IMAGE_SIZE', message, ['images', at]));
  });
  return found;
}
