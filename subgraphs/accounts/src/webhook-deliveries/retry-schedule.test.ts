import { DAY, HOUR, SECOND } from '@vitrine/kernel/clock';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_ATTEMPTS, pauseAfter, readRetryAfter } from './retry-schedule.ts';

const random = fc.double({ min: 0, max: 1, noNaN: true });
const pauses = (randoms: readonly number[]): number[] =>
  randoms.flatMap((value, at) => pauseAfter(at + 1, value) ?? []);

describe('pauses', () => {
  test('are together a day, in the middle of their jitter', () => {
    const nominal = pauses(Array(MOST_ATTEMPTS).fill(0.5));
    expect(nominal.reduce((sum, ms) => sum + ms, 0)).toBe(DAY);
    expect(nominal).toHaveLength(MOST_ATTEMPTS - 1);
  });

  test('are together within a fifth of a day, whatever chance decides, and grow up to four hours', () => {
    fc.assert(
      fc.property(
        fc.array(random, { minLength: MOST_ATTEMPTS, maxLength: MOST_ATTEMPTS }),
        (randoms) => {
          const all = pauses(randoms);
          const sum = all.reduce((total, ms) => total + ms, 0);
          expect(sum).toBeGreaterThanOrEqual(0.8 * DAY - MOST_ATTEMPTS);
          expect(sum).toBeLessThanOrEqual(1.2 * DAY + MOST_ATTEMPTS);
          expect(Math.max(...all)).toBeLessThanOrEqual(1.2 * 4 * HOUR);
          // Three times as long leaves room for both jitters.
          for (let at = 1; at < 7; at += 1) expect(all[at]).toBeGreaterThan(all[at - 1] ?? 0);
        },
      ),
    );
  });

  test('begin with a few seconds, since most failures are short', () => {
    expect(pauseAfter(1, 0)).toBe(4 * SECOND);
    expect(pauseAfter(1, 1)).toBe(6 * SECOND);
  });

  test('end after the last attempt, and none precedes the first', () => {
    expect(pauseAfter(MOST_ATTEMPTS, 0.5)).toBeNull();
    expect(pauseAfter(MOST_ATTEMPTS, 0.5, HOUR)).toBeNull();
    expect(pauseAfter(0, 0.5)).toBeNull();
  });

  test('are as long as the endpoint asks, but for ever', () => {
    expect(pauseAfter(1, 0.5, HOUR)).toBe(HOUR);
    expect(pauseAfter(8, 0.5, SECOND)).toBe(3 * HOUR);
    expect(pauseAfter(1, 0.5, 365 * DAY)).toBe(DAY);
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-03-01T12:00:00.000Z');

  test.for([
    ['120', 120 * SECOND],
    [' 5 ', 5 * SECOND],
    ['Sun, 01 Mar 2026 12:01:00 GMT', 60 * SECOND],
  ] as const)('%j is %i ms', ([value, ms]) => {
    expect(readRetryAfter(value, now)).toBe(ms);
  });

  test.for(['', 'soon', '-5', '0', '1e9', 'Sun, 01 Mar 2020 12:00:00 GMT', undefined])(
    '%j asks for nothing',
    (value) => {
      expect(readRetryAfter(value, now)).toBeNull();
    },
  );
});
