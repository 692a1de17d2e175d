import { describe, expect, test } from 'vitest';
import { categories, leafCategories } from './category.data.ts';
import { categoryTree } from './category.ts';

const node = (code: string, parent: string | null) => ({ code, parent, names: { en: code } });

describe('a category tree', () => {
  const tree = categoryTree([
    node('sports', null),
    node('outdoor', 'sports'),
    node('hiking', 'outdoor'),
  ]);

  test('knows what lies above and under a category', () => {
    expect(tree.lineage('hiking').map(({ code }) => code)).toEqual(['sports', 'outdoor', 'hiking']);
    expect(tree.under(null).map(({ code }) => code)).toEqual(['sports']);
    expect(tree.under('sports').map(({ code }) => code)).toEqual(['outdoor']);
    expect(tree.lineage('sailing')).toEqual([]);
  });

  test('has its leaves at the ends', () => {
    expect(['hiking', 'outdoor', 'sailing'].map(tree.isLeaf)).toEqual([true, false, false]);
  });

  test.for([
    ['a parent that is missing', [node('hiking', 'outdoor')]],
    ['a code used twice', [node('hiking', null), node('hiking', null)]],
    ['a ring', [node('a', 'b'), node('b', 'a')]],
  ] as const)('is not made of %s', ([, nodes]) => {
    expect(() => categoryTree(nodes)).toThrow('Invariant broken');
  });
});

test("the platform's tree holds what markets prohibit and restrict", () => {
  for (const code of ['weapons', 'tobacco', 'food', 'jewellery']) {
    expect(categories.find(code)).not.toBeNull();
  }
  expect(leafCategories).toContain('hiking');
  expect(leafCategories).not.toContain('outdoor');
});
