import { expect, test } from 'vitest';
import { fakeClock } from './clock.ts';

test('a fake clock stands still until it is moved, by exactly so much', () => {
  const start = new Date('2026-05-01T00:00:00.000Z');
  const clock = fakeClock(start);

  expect(clock.now()).toEqual(start);
  expect(clock.advance(1_500)).toEqual(new Date('2026-05-01T00:00:01.500Z'));
  expect(clock.now()).toEqual(new Date('2026-05-01T00:00:01.500Z'));
});

test('moving a clock changes no moment that was read before, nor another clock', () => {
  const [clock, other] = [fakeClock(), fakeClock()];
  const before = clock.now();
  const told = before.getTime();
  clock.advance(60_000);

  expect(before.getTime()).toBe(told);
  expect(other.now().getTime()).toBe(told);
});
