import { MINUTE, SECOND } from '@vitrine/kernel/clock';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { counted, givenBack, type Limit, limits, MEMORY_MS, NO_ATTEMPTS } from './attempts.ts';

const limit: Limit = { free: 3, pauseMs: SECOND, longestPauseMs: 15 * MINUTE };
const after = (attempts: number) =>
  Array.from({ length: attempts }).reduce<ReturnType<typeof counted>>(
    (count) => counted(count, limit, 0),
    NO_ATTEMPTS,
  );

test('the first attempts are free, then pauses double up to the longest', () => {
  expect([1, 2, 3, 4, 5, 12, 13, 100].map((n) => after(n).pausedUntil)).toEqual([
    0,
    0,
    SECOND,
    2 * SECOND,
    4 * SECOND,
    512 * SECOND,
    15 * MINUTE,
    15 * MINUTE,
  ]);
});

test('what succeeds is given back, and never more than was taken', () => {
  expect(givenBack(after(3))).toEqual({ attempts: 2, pausedUntil: 0 });
  expect(givenBack(NO_ATTEMPTS)).toEqual(NO_ATTEMPTS);
});

test('whatever the limit, waiting is never shorter than before and never for ever', () => {
  fc.assert(
    fc.property(
      fc.record({
        free: fc.integer({ min: 1, max: 200 }),
        pauseMs: fc.integer({ min: 1, max: MINUTE }),
        longestPauseMs: fc.integer({ min: MINUTE, max: 60 * MINUTE }),
      }),
      fc.integer({ min: 0, max: 100_000 }),
      (any, attempts) => {
        const now = 1_000_000;
        const one = counted({ attempts, pausedUntil: 0 }, any, now);
        const next = counted(one, any, now);
        expect(next.pausedUntil).toBeGreaterThanOrEqual(one.pausedUntil);
        expect(next.pausedUntil - now).toBeLessThanOrEqual(any.longestPauseMs);
        expect(one.pausedUntil === 0).toBe(one.attempts < any.free);
      },
    ),
  );
});

test('attempts are remembered for longer than anybody is made to wait', () => {
  for (const { account, client } of Object.values(limits)) {
    expect(Math.max(account.longestPauseMs, client.longestPauseMs)).toBeLessThan(MEMORY_MS);
  }
});
