import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  emailProblems,
  type InputProblem,
  keyProblems,
  lineProblems,
  textProblems,
} from './input-rules.ts';

const rule = { shortest: 2, longest: 5 };
const codes = (problems: readonly InputProblem[]) => problems.map(({ code }) => code);

describe('a text', () => {
  test('is measured in characters as people see them, without white space around', () => {
    expect(textProblems('  ab  ', ['x'], rule)).toEqual([]);
    expect(textProblems('👩‍👩‍👧‍👧'.repeat(5), ['x'], rule)).toEqual([]);
    expect(codes(textProblems('👩‍👩‍👧‍👧'.repeat(6), ['x'], rule))).toEqual(['TOO_LONG']);
    expect(codes(textProblems(' a ', ['x'], rule))).toEqual(['TOO_SHORT']);
  });

  test('of a megabyte is too long, though it be one letter under marks upon marks', () => {
    for (const unit of ['a', '\u0301', '👩‍👩‍👧‍👧']) {
      expect(codes(textProblems(`a${unit.repeat(300_000)}`, ['x'], rule))).toEqual(['TOO_LONG']);
    }
  });

  test('may have lines, a line may not', () => {
    expect(textProblems('a\nb', ['x'], rule)).toEqual([]);
    expect(lineProblems('a\nb', ['answers', 'city'], rule)).toEqual([
      { code: 'SEVERAL_LINES', message: 'Write it on one line.', path: ['answers', 'city'] },
    ]);
  });

  test('of whatever kind is refused whenever it hides a control character', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 3 }),
        fc.constantFrom('\u0000', '\u0007', '\u001b', '\u007f', '\u202e'),
        fc.string({ maxLength: 3 }),
        (before, hidden, after) => {
          const text = `${before}${hidden}${after}`;
          expect(codes(textProblems(text, ['x'], rule))).toContain('MALFORMED');
        },
      ),
    );
  });
});

test.for([
  '',
  'ann',
  'ann@',
  '@b.c',
  'a b@c.d',
  'a@b',
  'a@b..c',
  'a@b.c\u0000',
  `${'a'.repeat(65)}@b.c`,
])('no mail goes to %j', (email) => {
  expect(codes(emailProblems(email, ['contactEmail']))).toEqual(['EMAIL_MALFORMED']);
});

test('mail goes to any address that a provider may give out', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (email) => {
      fc.pre(email.length <= 254);
      expect(emailProblems(email, ['contactEmail'])).toEqual([]);
    }),
  );
});

test('a key is 1 to 128 characters that can be printed', () => {
  expect(keyProblems('k 1')).toEqual([]);
  expect(keyProblems('k'.repeat(128))).toEqual([]);
  for (const key of ['', 'k'.repeat(129), 'k\u0000', 'é']) {
    expect(keyProblems(key)).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_MALFORMED', path: ['idempotencyKey'] },
    ]);
  }
});
