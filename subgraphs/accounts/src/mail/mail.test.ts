import { DAY, HOUR, plus, SECOND } from '@vitrine/kernel/clock';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextAttemptAt } from './mail.ts';

const createdAt = new Date('2026-03-01T12:00:00Z');

test('a mail is handed in again after pauses that double up to an hour', () => {
  const pauses = [1, 2, 3, 9, 10, 500].map((attempts) => {
    const at = nextAttemptAt({ attempts, createdAt }, createdAt, 1);
    return at && (at.getTime() - createdAt.getTime()) / SECOND;
  });
  expect(pauses).toEqual([10, 20, 40, 2560, 3600, 3600]);
});

test('what failed together comes back apart', () => {
  const [soonest, latest] = [0, 1].map((spread) =>
    nextAttemptAt({ attempts: 4, createdAt }, createdAt, spread),
  );
  expect(soonest).toEqual(plus(createdAt, 40 * SECOND));
  expect(latest).toEqual(plus(createdAt, 80 * SECOND));
});

test('a mail is tried for a day at most, and never in the past', () => {
  expect(nextAttemptAt({ attempts: 40, createdAt }, plus(createdAt, DAY - HOUR), 1)).not.toBeNull();
  expect(nextAttemptAt({ attempts: 40, createdAt }, plus(createdAt, DAY), 0)).toBeNull();
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 0, max: 2 * DAY }),
      fc.float({ min: 0, max: 1, noNaN: true }),
      (attempts, age, spread) => {
        const now = plus(createdAt, age);
        const at = nextAttemptAt({ attempts, createdAt }, now, spread);
        if (at === null) {
          expect(age).toBeGreaterThan(DAY - HOUR);
        } else {
          expect(at.getTime()).toBeGreaterThan(now.getTime());
          expect(at.getTime()).toBeLessThanOrEqual(plus(createdAt, DAY).getTime());
        }
      },
    ),
  );
});
