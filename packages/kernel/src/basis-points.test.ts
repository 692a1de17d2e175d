import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBasisPoints, shareOf } from './basis-points.ts';

const amount = fc.bigInt({ min: 0n, max: 10n ** 18n });
const bps = fc.integer({ min: 0, max: 10_000 });

test('a share rounds down, so that nobody pays more than the rate', () => {
  fc.assert(
    fc.property(amount, bps, (whole, rate) => {
      const share = shareOf(whole, rate);
      expect(share * 10_000n <= whole * BigInt(rate)).toBe(true);
      expect((share + 1n) * 10_000n > whole * BigInt(rate)).toBe(true);
    }),
  );
});

test('the shares of a rate and of its rest never exceed the whole', () => {
  fc.assert(
    fc.property(amount, bps, (whole, rate) => {
      expect(shareOf(whole, rate) + shareOf(whole, 10_000 - rate) <= whole).toBe(true);
    }),
  );
});

test('a rate is a whole number between 0 and 10 000', () => {
  expect([0, 1, 10_000].every(isBasisPoints)).toBe(true);
  expect([-1, 0.5, 10_001, Number.NaN].some(isBasisPoints)).toBe(false);
  expect(() => shareOf(1n, 10_001)).toThrow('Invariant broken');
  expect(() => shareOf(-1n, 1)).toThrow('Invariant broken');
});
