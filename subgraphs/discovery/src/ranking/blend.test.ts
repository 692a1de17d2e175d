import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blend, type Ingredients } from './blend.ts';

const nothing: Ingredients = {
  interests: [],
  neighboursOf: () => [],
  trending: [],
  newest: [],
  categoryOf: () => null,
  hasBought: () => false,
  isAllowed: () => true,
};
const ids = (ingredients: Partial<Ingredients>) =>
  blend({ ...nothing, ...ingredients }).map(({ productId }) => productId);
const reasons = (ingredients: Partial<Ingredients>) =>
  Object.fromEntries(
    blend({ ...nothing, ...ingredients }).map(({ productId, kind, becauseId }) => [
      productId,
      [kind, becauseId],
    ]),
  );

const trending = [
  { productId: 'hot', value: 10 },
  { productId: 'warm', value: 4 },
];

describe('a viewer nothing is known of', () => {
  test('gets what is trending, hottest first, then what is new', () => {
    expect(ids({ trending, newest: ['new1', 'hot', 'new2'] })).toEqual([
      'hot',
      'warm',
      'new1',
      'new2',
    ]);
    expect(reasons({ trending, newest: ['new1'] })).toEqual({
      hot: ['TRENDING', null],
      warm: ['TRENDING', null],
      new1: ['NEW_ARRIVAL', null],
    });
  });

  test('gets nothing where there is nothing', () => {
    expect(ids({})).toEqual([]);
  });
});

describe('a viewer with interests', () => {
  const interested: Partial<Ingredients> = {
    interests: [
      { productId: 'boots', value: 3 },
      { productId: 'lamp', value: 1 },
    ],
    neighboursOf: (id) =>
      id === 'boots'
        ? [
            { productId: 'socks', share: 0.8 },
            { productId: 'laces', share: 0.2 },
          ]
        : [{ productId: 'bulb', share: 1 }],
    trending,
  };

  test('gets what belongs to them, with the interest it follows from', () => {
    expect(reasons(interested)).toMatchObject({
      socks: ['BECAUSE_YOU_VIEWED', 'boots'],
      bulb: ['BECAUSE_YOU_VIEWED', 'lamp'],
      hot: ['TRENDING', null],
    });
    expect(ids(interested).slice(0, 2)).toEqual(['socks', 'bulb']);
  });

  test('is told when a purchase is the reason', () => {
    expect(reasons({ ...interested, hasBought: (id) => id === 'boots' })).toMatchObject({
      socks: ['BECAUSE_YOU_BOUGHT', 'boots'],
      bulb: ['BECAUSE_YOU_VIEWED', 'lamp'],
    });
  });

  test('prefers what is popular in their categories', () => {
    const categories = new Map([
      ['boots', 'shoes'],
      ['warm', 'shoes'],
      ['lamp', 'lamps'],
      ['hot', 'toys'],
    ]);
    const categoryOf = (id: string) => categories.get(id) ?? null;

    const ranked = blend({ ...nothing, ...interested, neighboursOf: () => [], categoryOf });

    expect(ranked[0]).toMatchObject({ productId: 'warm', kind: 'POPULAR_IN_CATEGORY' });
  });

  test('sees what they have seen only far down', () => {
    const again = { ...interested, trending: [{ productId: 'boots', value: 10 }, ...trending] };

    expect(ids(again).indexOf('boots')).toBeGreaterThan(ids(again).indexOf('warm'));
  });
});

const product = fc.integer({ min: 0, max: 15 }).map((n) => `p${n}`);
const world = fc.record({
  interests: fc.uniqueArray(
    fc.record({ productId: product, value: fc.double({ min: 0.01, max: 9, noNaN: true }) }),
    { selector: (one) => one.productId, maxLength: 6 },
  ),
  trending: fc.uniqueArray(
    fc.record({ productId: product, value: fc.double({ min: 0, max: 99, noNaN: true }) }),
    { selector: (one) => one.productId, maxLength: 10 },
  ),
  newest: fc.uniqueArray(product, { maxLength: 6 }),
  near: fc.uniqueArray(product, { maxLength: 4 }),
  allowed: fc.uniqueArray(product, { maxLength: 16 }).map((ids) => new Set(ids)),
});

test('in any catalogue only allowed products come out, each once, best first', () => {
  fc.assert(
    fc.property(world, ({ allowed, near, ...parts }) => {
      const candidates = blend({
        ...nothing,
        ...parts,
        neighboursOf: () => near.map((productId) => ({ productId, share: 1 / near.length })),
        categoryOf: (id) => (id < 'p5' ? 'low' : 'high'),
        isAllowed: (id) => allowed.has(id),
      });
      const out = candidates.map(({ productId }) => productId);
      expect(out.every((id) => allowed.has(id))).toBe(true);
      expect(new Set(out).size).toBe(out.length);
      const scores = candidates.map(({ score }) => score);
      expect(scores.every(Number.isFinite)).toBe(true);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    }),
  );
});
