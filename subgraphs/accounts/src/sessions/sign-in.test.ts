import { expect, test } from 'vitest';
import type { Passwords, Person } from '../people/person.ts';
import type { SignedIn } from './session.ts';
import { signIn } from './sign-in.ts';

const person: Person = {
  id: 'usr_1',
  email: 'ann@example.com',
  handle: 'ann',
  displayName: 'Ann',
  avatarUrl: null,
  roles: ['BUYER'],
  market: null,
  language: null,
  version: 1,
  createdAt: new Date(0),
};
const signedIn: SignedIn = {
  person,
  accessToken: 'access',
  accessTokenExpiresAt: new Date(0),
  refreshToken: 'refresh',
  refreshTokenExpiresAt: new Date(0),
};

function world() {
  const compared: [string, string | null][] = [];
  const passwords: Passwords = {
    hash: async (password) => `hash of ${password}`,
    async isRight(password, passwordHash) {
      compared.push([password, passwordHash]);
      return passwordHash === `hash of ${password}`;
    },
  };
  const enter = signIn({
    people: {
      findCredentials: async (email) =>
        email === person.email ? { person, passwordHash: 'hash of secret' } : null,
    },
    passwords,
    openSession: async () => signedIn,
  });
  return { enter, compared };
}

test('the right password opens a session, however the address is typed', async () => {
  const { enter } = world();
  expect(await enter({ email: ' ANN@example.com', password: 'secret' })).toEqual({
    ok: true,
    value: signedIn,
  });
});

test('an unknown address is refused like a wrong password, after the same comparison', async () => {
  const { enter, compared } = world();
  const refused = { ok: false, refusal: 'INVALID_CREDENTIALS' };

  expect(await enter({ email: 'ann@example.com', password: 'wrong' })).toEqual(refused);
  expect(await enter({ email: 'bob@example.com', password: 'wrong' })).toEqual(refused);
  expect(compared).toEqual([
    ['wrong', 'hash of secret'],
    ['wrong', null],
  ]);
});

test('a password beyond the longest possible one is not hashed whole', async () => {
  const { enter, compared } = world();
  await enter({ email: 'ann@example.com', password: 'x'.repeat(1_000_000) });
  expect(compared[0]?.[0]).toHaveLength(129);
});
