import { HOUR, plus } from '@vitrine/kernel/clock';
import { describe, expect, test } from 'vitest';
import { byHeat, type Trend, warmed } from './trend.ts';

const now = new Date('2026-03-01T00:00:00Z');
const gain = (productId: string, weight: number, hours = 0, market = 'GB') => ({
  productId,
  market,
  weight,
  at: plus(now, hours * HOUR),
});
const ranking = (trends: readonly Trend[]) =>
  trends.toSorted(byHeat).map(({ productId }) => productId);

describe('what is trending', () => {
  test('is what most interest is shown in', () => {
    const trends = warmed([], [gain('a', 1), gain('b', 1), gain('b', 3)]);

    expect(ranking(trends)).toEqual(['b', 'a']);
  });

  test('is overtaken by what is looked at a few days later', () => {
    const before = warmed([], [gain('a', 6)]);
    const trends = warmed(before, [gain('b', 1, 72)]);

    expect(ranking([...before, ...trends])).toEqual(['b', 'a']);
  });

  test('adds to what was known', () => {
    const known = warmed([], [gain('a', 1)]);

    const [again] = warmed(known, [gain('a', 1)]);

    expect(again?.heat).toBeCloseTo((known[0]?.heat ?? 0) + 1, 9);
  });

  test('differs from market to market', () => {
    const trends = warmed([], [gain('a', 1, 0, 'GB'), gain('a', 5, 0, 'ID')]);

    expect(trends.map(({ market }) => market)).toEqual(['GB', 'ID']);
    expect(trends[0]?.heat).toBeLessThan(trends[1]?.heat ?? 0);
  });

  test('holds only what has changed', () => {
    const known = warmed([], [gain('a', 1), gain('b', 1)]);

    expect(warmed(known, [gain('b', 1)]).map(({ productId }) => productId)).toEqual(['b']);
  });
});

test('equal heats are ordered by product, the last first', () => {
  const trends = warmed([], [gain('a', 1), gain('c', 1), gain('b', 1)]);

  expect(ranking(trends)).toEqual(['c', 'b', 'a']);
});
