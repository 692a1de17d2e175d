import { DAY, HOUR } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { describe, expect, vi } from 'vitest';
import { accounts } from '../index.ts';
import { argon2Passwords } from '../people/password.argon2.ts';
import { personModel } from '../people/person.model.ts';
import { mailsTo, sentMails, tokenTo } from './mailbox.fixture.ts';
import { call, EMAIL, PASSWORD, seedAnn, signIn, verify } from './people.fixture.ts';
import { proofModel } from './proof.model.ts';

const test = subgraphTest(accounts);

const signUp = (subgraph: TestSubgraph, input: Record<string, unknown> = {}) =>
  call(
    subgraph,
    'signUp',
    { email: EMAIL, password: PASSWORD, displayName: 'Ann', ...input },
    { fields: 'sentTo' },
  );

const ask = (subgraph: TestSubgraph, mutation: string, email = EMAIL) =>
  call(subgraph, mutation, { email });

describe('signing up', () => {
  test('sends a link and a code, and makes no account yet', async ({ subgraph }) => {
    expect(await signUp(subgraph)).toMatchObject({ sentTo: EMAIL, codes: [] });

    const [mail] = await mailsTo(subgraph.services, EMAIL);
    const token = await tokenTo(subgraph.services, EMAIL);
    expect(mail?.text).toContain(`http://localhost:4000/account/verify?token=${token}`);
    expect(mail?.text).toContain(`this code where you signed up: ${token}`);
    expect(await personModel(subgraph.services.db).countDocuments()).toBe(0);
  });

  test('keeps neither password nor token', async ({ subgraph }) => {
    await signUp(subgraph);
    const token = await tokenTo(subgraph.services, EMAIL);
    const stored = JSON.stringify(await proofModel(subgraph.services.db).find().lean());

    expect(stored).not.toContain(PASSWORD);
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(token.replaceAll('-', ''));
  });

  test('answers alike for an address that has an account, which is told by mail', async ({
    subgraph,
  }) => {
    await seedAnn(subgraph);

    const taken = await signUp(subgraph);
    const free = await signUp(subgraph, { email: 'bob@example.com' });

    expect({ ...taken, sentTo: null }).toEqual({ ...free, sentTo: null });
    const [mail] = await mailsTo(subgraph.services, EMAIL);
    expect(mail?.subject).toBe('You have an account');
    expect(mail?.text).not.toMatch(/[0-9A-Z]{5}-[0-9A-Z]{5}/);
  });

  test('sends no words of a stranger to anybody', async ({ subgraph }) => {
    await signUp(subgraph, { displayName: 'Win at evil.example', handle: 'evil' });
    const [mail] = await mailsTo(subgraph.services, EMAIL);
    expect(mail?.text).not.toMatch(/evil/);
  });
});

describe('confirming an address', () => {
  test('makes the account once, and signs in', async ({ subgraph }) => {
    await signUp(subgraph);
    const token = await tokenTo(subgraph.services, EMAIL);

    const first = await verify(subgraph, token);
    const again = await verify(subgraph, token);

    expect(first).toMatchObject({ viewer: { email: EMAIL }, codes: [] });
    expect(first.accessToken).toEqual(expect.any(String));
    expect(again).toMatchObject({ viewer: null, accessToken: null, codes: ['TOKEN_NOT_VALID'] });
    expect((await signIn(subgraph)).codes).toEqual([]);
  });

  test('by many calls at once makes one account', async ({ subgraph }) => {
    await signUp(subgraph);
    const token = await tokenTo(subgraph.services, EMAIL);

    const all = await Promise.all(Array.from({ length: 4 }, () => verify(subgraph, token)));

    expect(all.filter(({ viewer }) => viewer !== null)).toHaveLength(1);
    expect(await personModel(subgraph.services.db).countDocuments()).toBe(1);
  });

  test('of several sign-ups with one address counts for one of them', async ({ subgraph }) => {
    await signUp(subgraph, { displayName: 'Mallory', password: 'battery staple' });
    const others = await tokenTo(subgraph.services, EMAIL);
    await signUp(subgraph);
    const own = await tokenTo(subgraph.services, EMAIL);

    expect((await verify(subgraph, own)).codes).toEqual([]);
    expect((await verify(subgraph, others)).codes).toEqual(['TOKEN_NOT_VALID']);
    expect((await signIn(subgraph, { password: 'battery staple' })).viewer).toBeNull();
    expect((await signIn(subgraph)).codes).toEqual([]);
  });

  test('takes the code however it is typed, for a day', async ({ subgraph }) => {
    await signUp(subgraph);
    const token = await tokenTo(subgraph.services, EMAIL);
    const typed = ` ${token.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    subgraph.clock.advance(DAY - 1);
    expect((await verify(subgraph, typed)).codes).toEqual([]);

    await signUp(subgraph, { email: 'bob@example.com' });
    subgraph.clock.advance(DAY);
    const late = await verify(subgraph, await tokenTo(subgraph.services, 'bob@example.com'));
    expect(late.codes).toEqual(['TOKEN_NOT_VALID']);
  });

  test.for(['', 'x', '00000-00000-00000-00000', 'UUUUU-UUUUU-UUUUU-UUUUU', 'a'.repeat(100_000)])(
    'refuses what is no token (%#)',
    async (token, { subgraph }) => {
      expect((await verify(subgraph, token)).codes).toEqual(['TOKEN_NOT_VALID']);
    },
  );

  test('makes a handle up when the wished one was taken meanwhile', async ({ subgraph }) => {
    await signUp(subgraph, { email: 'bob@example.com', handle: 'ann' });
    await seedAnn(subgraph);

    const { codes } = await verify(subgraph, await tokenTo(subgraph.services, 'bob@example.com'));

    expect(codes).toEqual([]);
    const bob = await personModel(subgraph.services.db).findOne({ email: 'bob@example.com' });
    expect(bob?.handle).toMatch(/^user[a-z0-9]{16}$/);
  });

  test('comes before signing in, which is told after the right password alone', async ({
    subgraph,
  }) => {
    await signUp(subgraph);
    expect((await signIn(subgraph, { password: 'wrong' })).codes).toEqual(['INVALID_CREDENTIALS']);
    expect((await signIn(subgraph)).codes).toEqual(['EMAIL_NOT_VERIFIED']);

    await ask(subgraph, 'resendVerification');
    await verify(subgraph, await tokenTo(subgraph.services, EMAIL));
    expect((await signIn(subgraph)).codes).toEqual([]);
  });
});

describe('whoever signs up with an address of somebody else', () => {
  const password = 'battery staple';

  test('learns from signing in nothing about it, before and after it is confirmed', async ({
    subgraph,
  }) => {
    await seedAnn(subgraph);
    const free = 'bob@example.com';
    const answers = async () => {
      const codes = [];
      for (const email of [EMAIL, free]) {
        codes.push((await signIn(subgraph, { email, password })).codes);
      }
      return codes;
    };
    for (const email of [EMAIL, free]) await signUp(subgraph, { email, password });
    expect(await answers()).toEqual([['EMAIL_NOT_VERIFIED'], ['EMAIL_NOT_VERIFIED']]);

    await signUp(subgraph, { email: free });
    await verify(subgraph, await tokenTo(subgraph.services, free));
    expect(await answers()).toEqual([['EMAIL_NOT_VERIFIED'], ['EMAIL_NOT_VERIFIED']]);
    expect((await signIn(subgraph, { email: free })).codes).toEqual([]);
  });

  test('cannot go on guessing by it', async ({ subgraph }) => {
    await seedAnn(subgraph);
    await signUp(subgraph, { password });
    const codes = [];
    for (let n = 0; n < 3; n += 1) {
      codes.push(...(await signIn(subgraph, { password: `guess ${n}` })).codes);
      codes.push(...(await signIn(subgraph, { password })).codes);
    }
    expect(codes.at(-1)).toBe('TOO_MANY_ATTEMPTS');
  });
});

describe('who has no account', () => {
  test('gets no mail, and the answer does not say so', async ({ subgraph }) => {
    await seedAnn(subgraph);
    for (const mutation of ['resendVerification', 'requestPasswordReset']) {
      const known = await ask(subgraph, mutation);
      const before = await sentMails(subgraph.services);
      expect(await ask(subgraph, mutation, 'nobody@example.com')).toEqual(known);
      expect(await sentMails(subgraph.services)).toBe(before);
    }
    expect(await mailsTo(subgraph.services, EMAIL)).toHaveLength(2);
  });

  test('costs the same work as who has one: hashes, and calls of the database', async ({
    subgraph,
  }) => {
    await seedAnn(subgraph);
    const hash = vi.spyOn(argon2Passwords, 'hash');
    const compare = vi.spyOn(argon2Passwords, 'isRight');
    let calls: string[] = [];
    subgraph.services.db.set('debug', (collection: string, method: string) => {
      calls.push(`${collection}.${method}`);
    });
    const work = async (run: () => Promise<unknown>) => {
      calls = [];
      hash.mockClear();
      compare.mockClear();
      await run();
      const hashes = hash.mock.calls.length + compare.mock.calls.length;
      return { hashes, calls: calls.toSorted() };
    };

    for (const run of [
      (email: string) => signUp(subgraph, { email }),
      (email: string) => signIn(subgraph, { email, password: 'wrong' }),
      (email: string) => ask(subgraph, 'requestPasswordReset', email),
      (email: string) => ask(subgraph, 'resendVerification', email),
    ]) {
      const known = await work(() => run(EMAIL));
      const unknown = await work(() => run('nobody@example.com'));
      expect(unknown).toEqual(known);
      expect(known.calls.length).toBeGreaterThan(0);
    }
    expect(await work(() => signUp(subgraph))).toMatchObject({ hashes: 1 });
    expect(await work(() => signIn(subgraph))).toMatchObject({ hashes: 1 });
    vi.restoreAllMocks();
  });
});

describe('attempts', () => {
  const tooMany = {
    __typename: 'TooManyAttemptsError',
    code: 'TOO_MANY_ATTEMPTS',
    retryable: true,
    path: null,
    retryAfterSeconds: expect.any(Number),
  };

  test('at a password end in waiting, for the right one as well, and for nobody else', async ({
    subgraph,
  }) => {
    await seedAnn(subgraph);
    for (let n = 0; n < 5; n += 1) await signIn(subgraph, { password: `wrong ${n}` });

    expect((await signIn(subgraph)).userErrors).toEqual([tooMany]);
    expect((await signIn(subgraph, { email: 'bob@example.com' })).codes).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    subgraph.clock.advance(1_000);
    expect((await signIn(subgraph)).codes).toEqual([]);
  });

  test('at an unknown address end in the same waiting', async ({ subgraph }) => {
    const email = 'nobody@example.com';
    for (let n = 0; n < 5; n += 1) await signIn(subgraph, { email });
    expect((await signIn(subgraph, { email })).userErrors).toEqual([
      { ...tooMany, retryAfterSeconds: 1 },
    ]);
  });

  test('fill no mailbox', async ({ subgraph }) => {
    await seedAnn(subgraph);
    for (let n = 0; n < 10; n += 1) await ask(subgraph, 'requestPasswordReset');
    for (let n = 0; n < 10; n += 1) await signUp(subgraph);
    expect(await mailsTo(subgraph.services, EMAIL)).toHaveLength(6);
    subgraph.clock.advance(HOUR);
    expect((await ask(subgraph, 'requestPasswordReset')).codes).toEqual([]);
  });
});
