import { expect, test } from 'vitest';
import { creatorProblems } from './creator-input.ts';

const isMarket = (code: string) => code === 'ID' || code === 'TH';
const sound = { displayName: 'Ayu', markets: ['ID', 'TH'], idempotencyKey: 'k1' };
const codes = (input: Partial<typeof sound>) =>
  creatorProblems({ ...sound, ...input }, isMarket).map(({ code }) => code);

test('a sound input has no problems', () => {
  expect(codes({})).toEqual([]);
});

test.each([
  ['NAME_EMPTY', { displayName: '   ' }],
  ['NAME_TOO_LONG', { displayName: 'a'.repeat(51) }],
  ['NAME_TOO_LONG', { displayName: 'a'.repeat(1_000_000) }],
  ['NAME_MALFORMED', { displayName: 'Ayu\u0007' }],
  ['NAME_MALFORMED', { displayName: 'two\nlines' }],
  ['NO_MARKET', { markets: [] }],
  ['UNKNOWN_MARKET', { markets: ['XX'] }],
  ['DUPLICATE_MARKET', { markets: ['ID', 'ID'] }],
  ['IDEMPOTENCY_KEY_MALFORMED', { idempotencyKey: '' }],
  ['IDEMPOTENCY_KEY_MALFORMED', { idempotencyKey: 'k'.repeat(129) }],
])('%s is told', (code, input) => {
  expect(codes(input)).toEqual([code]);
});

test('a list of markets without end is one problem more, not one for each entry', () => {
  const told = codes({ markets: Array.from({ length: 10_000 }, () => 'XX') });

  expect(told[0]).toBe('TOO_MANY_MARKETS');
  expect(told).toHaveLength(101);
});

test('a name counts what people see, so 50 flags are not too long', () => {
  expect(codes({ displayName: '🇮🇩'.repeat(50) })).toEqual([]);
});

test('all problems are told at once, each where it is', () => {
  const problems = creatorProblems(
    { displayName: '', markets: ['ID', 'XX'], idempotencyKey: '' },
    isMarket,
  );

  expect(problems.map(({ path }) => path)).toEqual([
    ['displayName'],
    ['markets', 1],
    ['idempotencyKey'],
  ]);
});
