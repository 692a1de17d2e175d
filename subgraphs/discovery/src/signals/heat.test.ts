import { DAY, plus } from '@vitrine/kernel/clock';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addHeat, type Heat, heatOf, valueAt } from './heat.ts';

const start = new Date('2026-03-01T00:00:00Z');
const sum = (heats: readonly Heat[]): Heat | null =>
  heats.reduce<Heat | null>((total, heat) => addHeat(total, heat), null);

const weighed = fc.tuple(
  fc.double({ min: 0.5, max: 10, noNaN: true }),
  fc.integer({ min: 0, max: 60 }),
);
const heats = fc.array(
  weighed.map(([weight, days]) => heatOf(weight, plus(start, days * DAY), DAY)),
  { minLength: 1, maxLength: 20 },
);

test('a weight is what it was at its moment, and half of it a half-life later', () => {
  const heat = heatOf(8, start, DAY);

  expect(valueAt(heat, start, DAY)).toBeCloseTo(8, 6);
  expect(valueAt(heat, plus(start, DAY), DAY)).toBeCloseTo(4, 6);
  expect(valueAt(heat, plus(start, 3 * DAY), DAY)).toBeCloseTo(1, 6);
});

test('two weights of one moment add up', () => {
  const both = addHeat(heatOf(3, start, DAY), heatOf(4, start, DAY));

  expect(valueAt(both, start, DAY)).toBeCloseTo(7, 6);
});

test('a recent glance outweighs an old rush', () => {
  const old = sum(Array.from({ length: 100 }, () => heatOf(1, start, DAY)));
  const recent = heatOf(1, plus(start, 7 * DAY), DAY);

  expect(recent).toBeGreaterThan(old ?? Number.POSITIVE_INFINITY);
});

test('the sum is the same in any order of arrival', () => {
  fc.assert(
    fc.property(heats, (all) => {
      expect(sum(all.toReversed()) ?? 0).toBeCloseTo(sum(all) ?? 0, 9);
    }),
  );
});

test('adding never cools, and the sum is at least its hottest part', () => {
  fc.assert(
    fc.property(heats, (all) => {
      expect(sum(all) ?? 0).toBeGreaterThanOrEqual(Math.max(...all));
    }),
  );
});

test('the sum decays like the plain sum of decayed weights', () => {
  fc.assert(
    fc.property(fc.array(weighed, { minLength: 1, maxLength: 20 }), (all) => {
      const now = plus(start, 60 * DAY);
      const plain = all.reduce((total, [weight, days]) => total + weight * 2 ** (days - 60), 0);
      const heat = sum(all.map(([weight, days]) => heatOf(weight, plus(start, days * DAY), DAY)));
      expect(valueAt(heat ?? 0, now, DAY) / plain).toBeCloseTo(1, 6);
    }),
  );
});

test('a century of decay overflows nothing', () => {
  const heat = addHeat(heatOf(1, new Date(0), DAY), heatOf(1, new Date('2126-01-01'), DAY));

  expect(Number.isFinite(heat)).toBe(true);
});
