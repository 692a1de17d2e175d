import { expect, test } from 'vitest';
import { randomRefreshTokens as tokens } from './session.tokens.ts';

test('a token reads as the hashes it was made with, and tells neither half', () => {
  const { token, hashes } = tokens.mint();

  expect(tokens.read(token)).toEqual(hashes);
  expect(token).not.toContain(hashes.familyHash);
  expect(token).not.toContain(hashes.tokenHash);
});

test('the next token of a family shares its first half only', () => {
  const first = tokens.mint();
  const next = tokens.mint(first.token);

  expect(next.hashes.familyHash).toBe(first.hashes.familyHash);
  expect(next.hashes.tokenHash).not.toBe(first.hashes.tokenHash);
  expect(tokens.mint().hashes.familyHash).not.toBe(first.hashes.familyHash);
});

test.for(['', '.', 'abc', 'a.b', `${'a'.repeat(43)}.${'b'.repeat(42)}`, 'a'.repeat(100_000)])(
  'what cannot be a token reads as none',
  (text) => {
    expect(tokens.read(text)).toBeNull();
  },
);
