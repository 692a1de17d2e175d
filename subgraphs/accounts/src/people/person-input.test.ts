import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  normalisedEmail,
  profileProblems,
  type SignUpInput,
  signUpProblems,
} from './person-input.ts';

const sound: SignUpInput = {
  email: 'ann@example.com',
  password: 'correct horse',
  displayName: 'Ann',
};
const isMarket = (code: string) => code === 'GB';
const codesOf = (input: Partial<SignUpInput>) =>
  signUpProblems({ ...sound, ...input }, isMarket).map(({ code }) => code);

describe('signing up', () => {
  test('is sound with an address, a password and a name', () => {
    expect(codesOf({})).toEqual([]);
    expect(codesOf({ handle: 'Ann.B_2', market: 'GB', language: 'en-GB' })).toEqual([]);
  });

  test('reports everything that is wrong at once, field by field', () => {
    const problems = signUpProblems(
      {
        email: 'ann',
        password: 'short',
        displayName: ' ',
        handle: '-',
        market: 'XX',
        language: `en${'-abcdefgh'.repeat(9)}`,
      },
      isMarket,
    );

    expect(problems.map(({ code, path }) => [code, ...path])).toEqual([
      ['EMAIL_MALFORMED', 'email'],
      ['PASSWORD_TOO_SHORT', 'password'],
      ['NAME_EMPTY', 'displayName'],
      ['HANDLE_MALFORMED', 'handle'],
      ['UNKNOWN_MARKET', 'market'],
      ['LANGUAGE_TOO_LONG', 'language'],
    ]);
  });

  test.for([
    'ann@',
    '@example.com',
    'ann@localhost',
    'ann@example..com',
    'an n@example.com',
    'ann@b@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ann@${'a'.repeat(250)}.com`,
    'ann\u0000@example.com',
  ])('takes no address like %j', (email) => {
    expect(codesOf({ email })).toEqual(['EMAIL_MALFORMED']);
  });

  test('takes passwords of 8 to 128 characters', () => {
    expect(codesOf({ password: 'a'.repeat(7) })).toEqual(['PASSWORD_TOO_SHORT']);
    expect(codesOf({ password: 'a'.repeat(8) })).toEqual([]);
    expect(codesOf({ password: 'a'.repeat(128) })).toEqual([]);
    expect(codesOf({ password: 'a'.repeat(129) })).toEqual(['PASSWORD_TOO_LONG']);
  });

  test('counts a name as people do, and takes one line of it', () => {
    expect(codesOf({ displayName: '👩‍👩‍👧‍👧'.repeat(50) })).toEqual([]);
    expect(codesOf({ displayName: 'é'.repeat(51) })).toEqual(['NAME_TOO_LONG']);
    expect(codesOf({ displayName: 'An\nn' })).toEqual(['NAME_MALFORMED']);
    expect(codesOf({ displayName: 'Ann\u202E' })).toEqual(['NAME_MALFORMED']);
  });

  test.for(['ab', '.ann', 'ann_', 'ann b', 'änn', 'a'.repeat(31)])(
    'takes no handle like %j',
    (handle) => {
      expect(codesOf({ handle })).toEqual(['HANDLE_MALFORMED']);
    },
  );
});

test('an address has one spelling, however often it is normalised and however it is typed', () => {
  expect(normalisedEmail(' Ann@Example.COM ')).toBe('ann@example.com');
  fc.assert(
    fc.property(fc.emailAddress(), (email) => {
      const once = normalisedEmail(email);
      expect(normalisedEmail(once)).toBe(once);
      expect(normalisedEmail(email.toUpperCase())).toBe(once);
    }),
  );
});

describe('changing a profile', () => {
  const codes = (change: Parameters<typeof profileProblems>[0]) =>
    profileProblems(change).map(({ code }) => code);

  test('needs something to change', () => {
    expect(codes({})).toEqual(['NOTHING_TO_CHANGE']);
    expect(codes({ avatarUrl: null })).toEqual([]);
  });

  test('reports a bad name and a bad picture at once', () => {
    expect(codes({ displayName: '', avatarUrl: `https://${'a'.repeat(2_000)}` })).toEqual([
      'NAME_EMPTY',
      'URL_TOO_LONG',
    ]);
  });
});
