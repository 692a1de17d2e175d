import { MINUTE, plus } from '@vitrine/kernel/clock';
import { describe, expect, test } from 'vitest';
import { isSameSession, type SignalKind, weightOf } from './signal.ts';

const now = new Date('2026-03-01T00:00:00Z');

describe('the weight of a signal', () => {
  test('rises from glance to purchase', () => {
    const kinds: SignalKind[] = ['VIEW', 'CLICK', 'LIKE', 'ADD_TO_CART', 'PURCHASE'];
    const weights = kinds.map((kind) => weightOf({ kind, dwellMs: null }));

    expect(weights).toEqual(weights.toSorted((a, b) => a - b));
    expect(new Set(weights).size).toBe(kinds.length);
  });

  test.each([
    [null, 1],
    [0, 1],
    [10_000, 1.5],
    [20_000, 2],
    [3_600_000, 2],
  ])('of a look of %s ms is %d', (dwellMs, weight) => {
    expect(weightOf({ kind: 'VIEW', dwellMs })).toBe(weight);
  });

  test('of anything but a look does not depend on its length', () => {
    expect(weightOf({ kind: 'CLICK', dwellMs: 20_000 })).toBe(1.5);
  });

  test('of a dismissal is nothing', () => {
    expect(weightOf({ kind: 'DISMISS', dwellMs: null })).toBe(0);
  });
});

test('things up to half an hour apart belong to one visit, whichever came first', () => {
  expect(isSameSession(now, plus(now, 30 * MINUTE))).toBe(true);
  expect(isSameSession(plus(now, 30 * MINUTE), now)).toBe(true);
  expect(isSameSession(now, plus(now, 30 * MINUTE + 1))).toBe(false);
});
