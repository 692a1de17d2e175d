import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyProblems, productListProblems, textProblems } from './input-rules.ts';

const codes = (problems: readonly { readonly code: string }[]) => problems.map(({ code }) => code);

test('a person counts a family as one character', () => {
  expect(textProblems('text', '👨‍👩‍👧‍👦'.repeat(500), 500)).toEqual([]);
  expect(codes(textProblems('text', '👨‍👩‍👧‍👦'.repeat(501), 500))).toEqual(['TEXT_TOO_LONG']);
});

test('a text of ten thousand characters is too long, and a megabyte is found so at once', () => {
  expect(codes(textProblems('text', 'x'.repeat(10_000), 500))).toEqual(['TEXT_TOO_LONG']);
  const start = performance.now();
  expect(codes(textProblems('text', 'x\u0301'.repeat(500_000), 500))).toEqual(['TEXT_TOO_LONG']);
  expect(performance.now() - start).toBeLessThan(200);
});

test('blanks alone say nothing', () => {
  expect(codes(textProblems('title', ' \n\t\u00a0', 100))).toEqual(['TITLE_EMPTY']);
});

test('control characters and hidden overrides are refused wherever they stand', () => {
  const hidden = fc.constantFrom('\u0000', '\u0007', '\u001b', '\u007f', '\u202e', '\u2066');
  fc.assert(
    fc.property(fc.string(), hidden, fc.string(), (before, control, after) => {
      const text = `a${before}${control}${after}z`;
      expect(codes(textProblems('text', text, 500))).toContain('TEXT_HAS_CONTROL_CHARACTERS');
    }),
  );
});

test('several lines are fine', () => {
  expect(textProblems('text', 'one\ntwo', 500)).toEqual([]);
});

test.for(['', ' ', 'a b', 'x'.repeat(65), 'schlüssel', 'a\n'])('"%s" is no key', (key) => {
  expect(codes(keyProblems(key))).toEqual(['IDEMPOTENCY_KEY_INVALID']);
});

test('a list of products is counted, and each repeat is pointed at', () => {
  expect(codes(productListProblems(['a', 'b', 'c'], { min: 0, max: 2 }))).toEqual([
    'TOO_MANY_PRODUCTS',
  ]);
  expect(productListProblems(['a', 'b', 'a', 'b'], { min: 1, max: 9 })).toMatchObject([
    { code: 'DUPLICATE_PRODUCT', path: ['productIds', 2] },
    { code: 'DUPLICATE_PRODUCT', path: ['productIds', 3] },
  ]);
});
