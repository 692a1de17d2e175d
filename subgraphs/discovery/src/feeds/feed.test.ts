import { MINUTE, plus, SECOND } from '@vitrine/kernel/clock';
import { expect, test } from 'vitest';
import { type Feed, isFresh } from './feed.ts';

const madeAt = new Date('2026-03-01T00:00:00Z');
const feed = (profileVersion: number): Feed => ({
  viewerId: 'usr_1',
  market: 'GB',
  version: 'v',
  profileVersion,
  madeAt,
  items: [],
});

test.each([
  ['a minute old', 3, 3, MINUTE, true],
  ['of an earlier profile', 3, 4, 0, false],
  ['ten minutes old', 3, 3, 10 * MINUTE, false],
  ['of nobody known, half a minute old', 0, 0, 30 * SECOND, false],
  ['of nobody known, a moment old', 0, 0, SECOND, true],
])('a feed %s', (_what, made, known, age, expected) => {
  expect(isFresh(feed(made), known, plus(madeAt, age))).toBe(expected);
});
