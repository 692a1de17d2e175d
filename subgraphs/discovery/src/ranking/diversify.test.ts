import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diversify } from './diversify.ts';
import type { Candidate } from './suggestion.ts';

const candidate = (productId: string, score: number, category: string): Candidate => ({
  productId,
  score,
  category,
  kind: 'TRENDING',
  becauseId: null,
});
const ids = (all: readonly Candidate[]) => all.map(({ productId }) => productId);

test('a category that is a little better does not fill the first places', () => {
  const shoes = [1, 0.99, 0.98, 0.97].map((score, n) => candidate(`shoe${n}`, score, 'shoes'));
  const lamp = candidate('lamp', 0.9, 'lamps');

  expect(ids(diversify([...shoes, lamp], 5)).indexOf('lamp')).toBe(1);
});

test('a much better candidate keeps its place whatever its category', () => {
  const all = [candidate('a', 1, 'x'), candidate('b', 0.9, 'x'), candidate('c', 0.01, 'y')];

  expect(ids(diversify(all, 3))).toEqual(['a', 'b', 'c']);
});

const candidates = fc
  .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 3 })), {
    maxLength: 80,
  })
  .map((all) =>
    all
      .map(([score, category], n) => candidate(`p${n}`, score, `c${category}`))
      .toSorted((a, b) => b.score - a.score),
  );

test('nothing is lost or doubled, and no more than asked for comes out', () => {
  fc.assert(
    fc.property(candidates, fc.integer({ min: 0, max: 100 }), (all, most) => {
      const out = diversify(all, most);
      expect(out).toHaveLength(Math.min(most, all.length));
      expect(new Set(ids(out)).size).toBe(out.length);
      if (most >= all.length) expect(ids(out).toSorted()).toEqual(ids(all).toSorted());
    }),
  );
});

test('within a category the order stays', () => {
  fc.assert(
    fc.property(candidates, (all) => {
      for (const [category, own] of Map.groupBy(all, (one) => one.category)) {
        const out = diversify(all, all.length).filter((one) => one.category === category);
        expect(out.map(({ score }) => score)).toEqual(own.map(({ score }) => score));
      }
    }),
  );
});
