import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, allowanceOf, type Bucket, emptyMirror, hear, leak, pour } from './bucket.ts';

const bucket: Bucket = { name: 'viewer', key: 'viewer:a', maximum: 100, restoreRate: 10 };

test('a cost that fits is taken, and one that does not waits for what runs out', () => {
  const mirror = emptyMirror(0);
  expect(pour(mirror, bucket, 80)).toEqual({
    isAllowed: true,
    name: 'viewer',
    available: 20,
    maximum: 100,
    restoreRate: 10,
    retryAfterSeconds: 0,
  });
  expect(pour(mirror, bucket, 50)).toMatchObject({
    isAllowed: false,
    available: 20,
    retryAfterSeconds: 3,
  });
  leak(mirror, bucket, 2_999);
  expect(pour(mirror, bucket, 50).isAllowed).toBe(false);
  leak(mirror, bucket, 3_000);
  expect(pour(mirror, bucket, 50).isAllowed).toBe(true);
});

test('a cost above the maximum never fits', () => {
  expect(pour(emptyMirror(0), bucket, 101)).toMatchObject({
    isAllowed: false,
    available: 100,
    retryAfterSeconds: Number.POSITIVE_INFINITY,
  });
});

test('a bucket that several processes filled at once pays its debt before it allows', () => {
  const mirror = emptyMirror(0);
  hear(mirror, 150, 0);
  expect(allowanceOf(mirror.level, bucket, null).available).toBe(0);
  expect(pour(mirror, bucket, 1)).toMatchObject({ isAllowed: false, retryAfterSeconds: 5.1 });
});

test('what Redis says is taken with what it has not heard yet', () => {
  const mirror = emptyMirror(0);
  pour(mirror, bucket, 30);
  mirror.inFlight = 5;
  hear(mirror, 40, 0);
  expect(mirror.level).toBe(75);
});

test('what has run out here is not told later as if it had just been taken', () => {
  const mirror = emptyMirror(0);
  pour(mirror, bucket, 90);
  leak(mirror, bucket, 8_000);
  expect(mirror.untold).toBe(10);
});

type Step =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'take'; readonly cost: number }
  | { readonly kind: 'give'; readonly share: number };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(20_000) }),
    fc.record({ kind: fc.constant('take' as const), cost: fc.nat(120) }),
    fc.record({
      kind: fc.constant('give' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  ),
  { maxLength: 60 },
);

test('a bucket is never below nothing nor above its maximum, and gives what it holds and what runs out, no more', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const mirror = emptyMirror(0);
      let now = 0;
      let taken = 0;
      let last = 0;
      for (const step of all) {
        if (step.kind === 'wait') now += step.ms;
        leak(mirror, bucket, now);
        if (step.kind === 'take') {
          const allowance = pour(mirror, bucket, step.cost);
          expect(allowance.available).toBeGreaterThanOrEqual(0);
          expect(allowance.available).toBeLessThanOrEqual(bucket.maximum);
          if (allowance.isAllowed) {
            taken += step.cost;
            last = step.cost;
          } else {
            // It fits when it was said to, and not before.
            const wait = allowance.retryAfterSeconds * 1_000;
            const later = { ...mirror };
            leak(later, bucket, now + wait * 0.99);
            expect(pour(later, bucket, step.cost).isAllowed).toBe(false);
            if (Number.isFinite(wait)) {
              leak(later, bucket, now + wait + 1);
              expect(pour(later, bucket, step.cost).isAllowed).toBe(true);
            }
          }
        } else if (step.kind === 'give') {
          add(mirror, -last * step.share);
          taken -= last * step.share;
          last = 0;
        }
        expect(mirror.level).toBeGreaterThanOrEqual(0);
        expect(mirror.level).toBeLessThanOrEqual(bucket.maximum);
        expect(taken).toBeLessThanOrEqual(
          bucket.maximum + (now * bucket.restoreRate) / 1_000 + 1e-6,
        );
      }
    }),
    { numRuns: 300 },
  );
});
