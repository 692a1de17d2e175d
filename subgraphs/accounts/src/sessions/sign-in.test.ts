import { describe, expect, test } from 'vitest';
import type { Passwords, Person } from '../people/person.ts';
import type { SecondFactor } from '../second-factor/second-factor.ts';
import type { Attempt } from '../throttling/attempts.ts';
import type { Opening, SignedIn } from './session.ts';
import { signIn } from './sign-in.ts';

const person: Person = {
  id: 'usr_1',
  email: 'ann@example.com',
  handle: 'ann',
  displayName: 'Ann',
  avatarUrl: null,
  roles: ['BUYER'],
  duties: [],
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
const client = { address: '192.0.2.7', userAgent: 'test' };
const device: SecondFactor = {
  userId: 'usr_1',
  sealedSecret: 'sealed',
  confirmedAt: new Date(0),
  lastStep: 0,
};

/** Ann has an account and Pat waits for the mail, both with `secret`; a stranger signed up as Ann with `other`. */
function world({
  factor = null,
  isTooMany = false,
}: {
  factor?: SecondFactor | null;
  isTooMany?: boolean;
} = {}) {
  const compared: [string, string | null][] = [];
  const opened: Opening[] = [];
  const begun: Attempt[] = [];
  const succeeded: Attempt[] = [];
  const passwords: Pick<Passwords, 'isRight'> = {
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
    proofs: {
      findSignUp: async (email) =>
        email === 'pat@example.com' || email === 'ann@example.com'
          ? {
              passwordHash: email === 'pat@example.com' ? 'hash of secret' : 'hash of other',
              handle: null,
              displayName: 'Pat',
              market: null,
              language: null,
            }
          : null,
    },
    passwords,
    secondFactors: { find: async () => factor },
    checkSecondFactor: async (_factor, _person, code) =>
      code === '123456'
        ? { ok: true, value: null }
        : { ok: false, refusal: 'ONE_TIME_PASSWORD_WRONG' },
    attempts: {
      begin: async (attempt) => {
        begun.push(attempt);
        return isTooMany ? { retryAfterSeconds: 8 } : null;
      },
      succeeded: async (attempt) => void succeeded.push(attempt),
    },
    openSession: async (_person, opening) => {
      opened.push(opening);
      return signedIn;
    },
    clock: () => new Date(0),
  });
  return { enter, compared, opened, begun, succeeded };
}

const refused = (refusal: unknown) => ({ ok: false, refusal });

test('the right password opens a session, however the address is typed', async () => {
  const { enter, opened } = world();
  expect(await enter({ email: ' ANN@example.com', password: 'secret' }, client)).toEqual({
    ok: true,
    value: signedIn,
  });
  expect(opened).toEqual([{ client, hasSecondFactor: false }]);
});

test('an unknown address is refused like a wrong password, after the same comparison', async () => {
  const { enter, compared } = world();

  for (const email of ['bob@example.com', 'eve@example.com']) {
    const answer = await enter({ email, password: 'wrong' }, client);
    expect(answer).toEqual(refused('INVALID_CREDENTIALS'));
  }
  expect(compared).toEqual([
    ['wrong', null],
    ['wrong', null],
  ]);
});

test('where somebody signed up, it makes no difference whether there is an account', async () => {
  const { enter, compared, succeeded } = world();
  const known = { email: 'ann@example.com', password: 'other' };
  const unknown = { email: 'pat@example.com', password: 'secret' };

  for (const own of [known, unknown]) {
    expect(await enter(own, client)).toEqual(refused('EMAIL_NOT_VERIFIED'));
    expect(await enter({ ...own, password: 'wrong' }, client)).toEqual(
      refused('INVALID_CREDENTIALS'),
    );
  }
  expect(compared.map(([, hash]) => hash)).toEqual([
    'hash of secret',
    'hash of other',
    'hash of secret',
    'hash of other',
    null,
    'hash of secret',
    null,
    'hash of secret',
  ]);
  expect(succeeded).toEqual([]);
});

test('an address that is not confirmed is told to whoever knows the password', async () => {
  const { enter, opened } = world();
  expect(await enter({ email: 'pat@example.com', password: 'secret' }, client)).toEqual(
    refused('EMAIL_NOT_VERIFIED'),
  );
  expect(opened).toEqual([]);
});

test('a password beyond the longest possible one is not hashed whole', async () => {
  const { enter, compared } = world();
  await enter({ email: 'ann@example.com', password: 'x'.repeat(1_000_000) }, client);
  expect(compared[0]?.[0]).toHaveLength(129);
});

describe('attempts', () => {
  test('are counted before anything is looked at, by address and client', async () => {
    const { enter, compared, begun } = world({ isTooMany: true });
    expect(await enter({ email: 'ANN@example.com', password: 'secret' }, client)).toEqual(
      refused({ retryAfterSeconds: 8 }),
    );
    expect(begun).toEqual([{ kind: 'SIGN_IN', account: 'ann@example.com', address: '192.0.2.7' }]);
    expect(compared).toEqual([]);
  });

  test('are forgotten after the right password alone', async () => {
    const { enter, succeeded } = world();
    await enter({ email: 'ann@example.com', password: 'wrong' }, client);
    expect(succeeded).toEqual([]);
    await enter({ email: 'ann@example.com', password: 'secret' }, client);
    expect(succeeded).toHaveLength(1);
  });
});

describe('with one-time passwords', () => {
  const right = { email: 'ann@example.com', password: 'secret' };

  test('one is asked for after the right password, and never before', async () => {
    const { enter, opened } = world({ factor: device });
    const wrong = { ...right, password: 'wrong', oneTimePassword: '123456' };

    expect(await enter(wrong, client)).toEqual(refused('INVALID_CREDENTIALS'));
    expect(await enter(right, client)).toEqual(refused('ONE_TIME_PASSWORD_REQUIRED'));
    expect(await enter({ ...right, oneTimePassword: '' }, client)).toEqual(
      refused('ONE_TIME_PASSWORD_REQUIRED'),
    );
    expect(await enter({ ...right, oneTimePassword: '000000' }, client)).toEqual(
      refused('ONE_TIME_PASSWORD_WRONG'),
    );
    expect(opened).toEqual([]);
  });

  test('the session says that one was given', async () => {
    const { enter, opened } = world({ factor: device });
    await enter({ ...right, oneTimePassword: '123456' }, client);
    expect(opened).toEqual([{ client, hasSecondFactor: true }]);
  });

  test('a device that was never confirmed asks for nothing', async () => {
    const { enter, opened } = world({ factor: { ...device, confirmedAt: null } });
    await enter(right, client);
    expect(opened).toEqual([{ client, hasSecondFactor: false }]);
  });
});
