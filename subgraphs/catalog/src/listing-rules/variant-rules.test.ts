import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aProduct, aVariant } from '../products/product.fixture.ts';
import { aRule } from './market-rule.fixture.ts';
import { combinationProblems, skuProblems, variantProblems } from './variant-rules.ts';

const withAttributes = (attributes: Record<string, string>) => ({
  attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
});

const codesOf = (...variants: Record<string, string>[]) =>
  combinationProblems(variants.map(withAttributes)).map(({ code }) => code);

describe('sales attributes', () => {
  test('are three at most', () => {
    expect(codesOf({ A: '1', B: '1', C: '1' })).toEqual([]);
    expect(codesOf({ A: '1', B: '1', C: '1', D: '1' })).toEqual(['TOO_MANY_ATTRIBUTES']);
  });

  test('have a value in every variant', () => {
    expect(codesOf({ Colour: 'Red', Size: 'M' }, { Colour: 'Red' })).toEqual(['ATTRIBUTE_MISSING']);
  });

  test('make every variant another, whatever the case and the order', () => {
    expect(codesOf({ Colour: 'Red', Size: 'M' }, { Size: 'm', Colour: 'red ' })).toEqual([
      'COMBINATION_REPEATED',
    ]);
    expect(codesOf({}, {})).toEqual(['COMBINATION_REPEATED']);
    expect(codesOf({ Colour: 'Red' }, { Colour: 'Blue' })).toEqual([]);
  });

  test('have names and values of bounded length', () => {
    expect(codesOf({ ['n'.repeat(20)]: 'v'.repeat(50) })).toEqual([]);
    expect(codesOf({ ['n'.repeat(21)]: 'v'.repeat(51) })).toEqual([
      'ATTRIBUTE_NAME_LENGTH',
      'ATTRIBUTE_VALUE_LENGTH',
    ]);
    expect(codesOf({ ' ': '' })).toEqual(['ATTRIBUTE_NAME_LENGTH', 'ATTRIBUTE_VALUE_LENGTH']);
  });

  test('any grid of choices passes, and with one combination doubled it does not', () => {
    const sizes = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,8}$/), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(sizes, sizes, fc.nat(), (colours, lengths, at) => {
        const grid = colours.flatMap((Colour) => lengths.map((Length) => ({ Colour, Length })));
        expect(codesOf(...grid)).toEqual([]);
        const doubled = [...grid, grid[at % grid.length] ?? {}];
        expect(codesOf(...doubled)).toEqual(['COMBINATION_REPEATED']);
      }),
    );
  });
});

describe('a SKU', () => {
  test.for([
    ['', 'SKU_LENGTH'],
    ['x'.repeat(51), 'SKU_LENGTH'],
    ['RED M', 'SKU_HAS_SPACES'],
    ['RED\u0000', 'SKU_HAS_SPACES'],
  ] as const)('is refused as %j', ([sku, code]) => {
    expect(skuProblems([{ sku }]).map((found) => found.code)).toEqual([code]);
  });

  test('is in a product once', () => {
    expect(skuProblems([{ sku: 'A' }, { sku: 'B' }, { sku: 'A' }])).toMatchObject([
      { code: 'SKU_REPEATED', path: ['variants', 2, 'sku'] },
    ]);
  });
});

describe('variants', () => {
  test('are counted by the market', () => {
    const variants = Array.from({ length: 3 }, (_, at) =>
      aVariant({ sku: `S-${at}`, attributes: [{ name: 'Size', value: `${at}` }] }),
    );
    const [few, many] = [aRule({ market: 'ID', maxVariants: 2 }), aRule({ maxVariants: 3 })];
    expect(variantProblems({ variants }, [few, many])).toMatchObject([
      { code: 'TOO_MANY_VARIANTS', market: 'ID' },
    ]);
    expect(variantProblems({ variants: [] }, [many])).toMatchObject([{ code: 'VARIANT_MISSING' }]);
  });

  test.for([
    ['no weight', { weightGrams: null }, 'WEIGHT_MISSING'],
    ['a weight of zero', { weightGrams: 0 }, 'WEIGHT_MISSING'],
    ['no dimensions', { dimensionsMm: null }, 'DIMENSIONS_MISSING'],
    ['a flat box', { dimensionsMm: { length: 1, width: 1, height: 0 } }, 'DIMENSIONS_MISSING'],
  ] as const)('cannot be sold with %s', ([, lacking, code]) => {
    const { variants } = aProduct({ variants: [aVariant(lacking)] });
    expect(variantProblems({ variants }, [aRule()]).map((found) => found.code)).toEqual([code]);
  });
});
