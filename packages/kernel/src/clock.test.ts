import { expect, test } from 'vitest';
import { HOUR, MINUTE, plus, systemClock } from './clock.ts';

test('a moment moves by milliseconds and leaves the original alone', () => {
  const noon = new Date('2026-03-01T12:00:00Z');

  expect(plus(noon, HOUR + MINUTE).toISOString()).toBe('2026-03-01T13:01:00.000Z');
  expect(noon.toISOString()).toBe('2026-03-01T12:00:00.000Z');
});

test('the system clock tells the time', () => {
  const before = Date.now();
  const now = systemClock().getTime();

  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});
