import { hasControlCharacters, lengthOf } from '@vitrine/kernel/text';
import type { ProductContent, Variant, VariantAttribute } from '../products/product.ts';
import type { MarketRule } from './market-rule.ts';
import { type Problem, problem } from './problem.ts';

const MOST_ATTRIBUTES = 3;
const LONGEST_NAME = 20;
const LONGEST_VALUE = 50;
const LONGEST_SKU = 50;

/** As people compare them: `red` and `Red ` are one value. */
const folded = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

type Skus = readonly Pick<Variant, 'sku'>[];

/** The seller's own code: 1 to 50 characters, no spaces, once in the product. */
export function skuProblems(variants: Skus): Problem[] {
  const seen = new Set<string>();
  return variants.flatMap(({ sku }, at) => {
    const path = ['variants', at, 'sku'];
    const found: Problem[] = [];
    const length = lengthOf(sku);
    if (length < 1 || length > LONGEST_SKU) {
      found.push(problem('SKU_LENGTH', `A SKU has 1 to ${LONGEST_SKU} characters.`, path));
    }
    if (/\s/.test(sku) || hasControlCharacters(sku)) {
      found.push(problem('SKU_HAS_SPACES', 'A SKU has no spaces or control characters.', path));
    }
    if (seen.has(sku)) {
      found.push(problem('SKU_REPEATED', `Another variant has the SKU ${sku} already.`, path));
    }
    seen.add(sku);
    return found;
  });
}

function attributeProblems(
  attribute: VariantAttribute,
  path: readonly (string | number)[],
): Problem[] {
  const found: Problem[] = [];
  const check = (part: 'name' | 'value', longest: number) => {
    const text = attribute[part];
    const length = lengthOf(text.trim());
    if (length < 1 || length > longest) {
      const code = part === 'name' ? 'ATTRIBUTE_NAME_LENGTH' : 'ATTRIBUTE_VALUE_LENGTH';
      const message = `The ${part} of a sales attribute has 1 to ${longest} characters.`;
      found.push(problem(code, message, [...path, part]));
    }
    if (hasControlCharacters(text)) {
      const message = `The ${part} of a sales attribute has no control characters.`;
      found.push(problem('ATTRIBUTE_HAS_CONTROL_CHARACTERS', message, [...path, part]));
    }
  };
  check('name', LONGEST_NAME);
  check('value', LONGEST_VALUE);
  return found;
}

/** The product's sales attributes are all names that any of its variants has a value for. */
export function combinationProblems(variants: readonly Pick<Variant, 'attributes'>[]): Problem[] {
  const names = new Map(
    variants.flatMap(({ attributes }) => attributes.map(({ name }) => [folded(name), name])),
  );
  const found: Problem[] = [];
  if (names.size > MOST_ATTRIBUTES) {
    const message = `A product has at most ${MOST_ATTRIBUTES} sales attributes; this one has ${names.size}.`;
    found.push(problem('TOO_MANY_ATTRIBUTES', message, ['variants']));
  }
  const combinations = new Set<string>();
  variants.forEach(({ attributes }, at) => {
    const path = ['variants', at, 'attributes'];
    const values = new Map(attributes.map(({ name, value }) => [folded(name), folded(value)]));
    if (values.size < attributes.length) {
      found.push(problem('ATTRIBUTE_REPEATED', 'A variant has one value per attribute.', path));
    }
    const missing = [...names].filter(([key]) => !values.has(key)).map(([, name]) => name);
    if (missing.length > 0) {
      const message = `Every variant has a value for each attribute; this one lacks ${missing.join(', ')}.`;
      found.push(problem('ATTRIBUTE_MISSING', message, path));
    }
    const combination = JSON.stringify([...values].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    if (combinations.has(combination)) {
      const message = 'Another variant has the same values already.';
      found.push(problem('COMBINATION_REPEATED', message, path));
    }
    combinations.add(combination);
    attributes.forEach((attribute, index) => {
      found.push(...attributeProblems(attribute, [...path, index]));
    });
  });
  return found;
}

const isPositive = (value: number): boolean => Number.isInteger(value) && value > 0;

function parcelProblems({ weightGrams, dimensionsMm }: Variant, at: number): Problem[] {
  const found: Problem[] = [];
  if (weightGrams === null || !isPositive(weightGrams)) {
    const message = 'A variant on sale has its packed weight in whole grams.';
    found.push(problem('WEIGHT_MISSING', message, ['variants', at, 'weightGrams']));
  }
  if (dimensionsMm === null || !Object.values(dimensionsMm).every(isPositive)) {
    const message = 'A variant on sale has its packed dimensions in whole millimetres.';
    found.push(problem('DIMENSIONS_MISSING', message, ['variants', at, 'dimensions']));
  }
  return found;
}

export function variantProblems(
  { variants }: Pick<ProductContent, 'variants'>,
  rules: readonly MarketRule[],
): Problem[] {
  const found: Problem[] = [];
  if (variants.length === 0) {
    found.push(problem('VARIANT_MISSING', 'A product on sale has a variant.', ['variants']));
  }
  for (const { market, maxVariants } of rules) {
    if (variants.length > maxVariants) {
      const message = `In ${market} a product has at most ${maxVariants} variants; this one has ${variants.length}.`;
      found.push(problem('TOO_MANY_VARIANTS', message, ['variants'], market));
    }
  }
  return [
    ...found,
    ...skuProblems(variants),
    ...combinationProblems(variants),
    ...variants.flatMap(parcelProblems),
  ];
}
