import { HOUR } from '@vitrine/kernel/clock';
import { outboxModel } from '@vitrine/platform/outbox/outbox.model';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { mailsTo, tokenTo } from './mailbox.fixture.ts';
import {
  ANN,
  call,
  EMAIL,
  PASSWORD,
  refresh,
  seedAnn,
  signedIn,
  signIn,
  verify,
} from './people.fixture.ts';

const test = subgraphTest(accounts);

const NEW = 'battery staple';
const NEW_EMAIL = 'anna@example.com';

const resetToken = async (subgraph: TestSubgraph) => {
  await call(subgraph, 'requestPasswordReset', { email: ' ANN@example.com' });
  return tokenTo(subgraph.services, EMAIL);
};
const reset = (subgraph: TestSubgraph, token: string, password = NEW) =>
  call(subgraph, 'resetPassword', { token, password }, { fields: 'isReset' });

const audited = async ({ services }: TestSubgraph): Promise<string[]> => {
  const rows = await outboxModel(services.db).outbox.find({ type: 'audit.action-recorded' }).lean();
  return rows.map(({ payload }) => String((payload as { action?: string }).action)); // by its contract
};

describe('resetting a password', () => {
  test('sets it once, ends every session and says so by mail', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const { refreshToken } = await signedIn(subgraph);
    const token = await resetToken(subgraph);

    expect(await reset(subgraph, token)).toMatchObject({ isReset: true, codes: [] });

    expect((await signIn(subgraph)).codes).toEqual(['INVALID_CREDENTIALS']);
    expect((await signIn(subgraph, { password: NEW })).codes).toEqual([]);
    expect((await refresh(subgraph, refreshToken)).codes).toEqual(['SESSION_ENDED']);
    expect((await reset(subgraph, token, 'another one')).codes).toEqual(['TOKEN_NOT_VALID']);
    expect((await mailsTo(subgraph.services, EMAIL))[0]?.subject).toBe('Your password was changed');
    expect(await audited(subgraph)).toContain('accounts.password-reset');
  });

  test('is possible for an hour', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const token = await resetToken(subgraph);
    subgraph.clock.advance(HOUR);
    expect(await reset(subgraph, token)).toMatchObject({
      isReset: false,
      codes: ['TOKEN_NOT_VALID'],
    });
    expect((await signIn(subgraph)).codes).toEqual([]);
  });

  test('takes the tokens of other requests with it', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const first = await resetToken(subgraph);
    const second = await resetToken(subgraph);
    expect((await reset(subgraph, second)).codes).toEqual([]);
    expect((await reset(subgraph, first)).codes).toEqual(['TOKEN_NOT_VALID']);
  });

  test('with a bad password leaves the token for a better one', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const token = await resetToken(subgraph);
    expect((await reset(subgraph, token, 'short')).userErrors).toMatchObject([
      { __typename: 'InvalidInputError', code: 'PASSWORD_TOO_SHORT', path: ['input', 'password'] },
    ]);
    expect((await reset(subgraph, token)).codes).toEqual([]);
  });

  test('lets in whom somebody else locked out by guessing', async ({ subgraph }) => {
    await seedAnn(subgraph);
    for (let n = 0; n < 9; n += 1) await signIn(subgraph, { password: 'guess' });
    expect((await signIn(subgraph)).codes).toEqual(['TOO_MANY_ATTEMPTS']);
    await reset(subgraph, await resetToken(subgraph));
    expect((await signIn(subgraph, { password: NEW })).codes).toEqual([]);
  });
});

test('a token is good for what it was sent for, and for nothing else', async ({ subgraph }) => {
  await seedAnn(subgraph);
  const { viewer } = await signedIn(subgraph);
  const forReset = await resetToken(subgraph);
  const bob = 'bob@example.com';
  await call(subgraph, 'signUp', { email: bob, password: PASSWORD, displayName: 'Bob' });
  const forSignUp = await tokenTo(subgraph.services, bob);
  const own = { viewer };
  await call(subgraph, 'changeEmail', { newEmail: NEW_EMAIL, password: PASSWORD }, own);
  const forChange = await tokenTo(subgraph.services, NEW_EMAIL);

  const refused = ['TOKEN_NOT_VALID'];
  for (const token of [forReset, forChange]) {
    expect((await verify(subgraph, token)).codes).toEqual(refused);
  }
  for (const token of [forSignUp, forChange]) {
    expect((await reset(subgraph, token)).codes).toEqual(refused);
  }
  for (const token of [forSignUp, forReset]) {
    expect((await call(subgraph, 'confirmEmailChange', { token }, own)).codes).toEqual(refused);
  }
  expect((await verify(subgraph, forSignUp)).codes).toEqual([]);
  expect((await call(subgraph, 'confirmEmailChange', { token: forChange }, own)).codes).toEqual([]);
});

describe('changing a password', () => {
  const change = (subgraph: TestSubgraph, viewer: ReturnType<typeof aViewer>, given = PASSWORD) =>
    call(
      subgraph,
      'changePassword',
      { currentPassword: given, newPassword: NEW },
      { fields: 'isChanged', viewer },
    );

  test('needs the present one and ends the other sessions', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const here = await signedIn(subgraph);
    const there = await signedIn(subgraph);

    expect((await change(subgraph, here.viewer, 'wrong')).userErrors).toMatchObject([
      { code: 'PASSWORD_WRONG', path: ['input', 'currentPassword'] },
    ]);
    expect(await change(subgraph, here.viewer)).toMatchObject({ isChanged: true, codes: [] });

    expect((await refresh(subgraph, here.refreshToken)).codes).toEqual([]);
    expect((await refresh(subgraph, there.refreshToken)).codes).toEqual(['SESSION_ENDED']);
    expect((await signIn(subgraph, { password: NEW })).codes).toEqual([]);
    expect((await mailsTo(subgraph.services, EMAIL))[0]?.subject).toBe('Your password was changed');
    expect(await audited(subgraph)).toContain('accounts.password-changed');
  });

  test('by two at once is done by one of them', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const { viewer } = await signedIn(subgraph);
    const both = await Promise.all([change(subgraph, viewer), change(subgraph, viewer)]);
    expect(both.map(({ isChanged }) => isChanged).toSorted()).toEqual([false, true]);
  });

  test('does not let an open session be used for guessing', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const { viewer } = await signedIn(subgraph);
    for (let n = 0; n < 5; n += 1) await change(subgraph, viewer, `guess ${n}`);
    expect((await change(subgraph, viewer)).codes).toEqual(['TOO_MANY_ATTEMPTS']);
  });
});

describe('changing an address', () => {
  const ask = (subgraph: TestSubgraph, viewer: ReturnType<typeof aViewer>, newEmail = NEW_EMAIL) =>
    call(subgraph, 'changeEmail', { newEmail, password: PASSWORD }, { fields: 'sentTo', viewer });
  const confirm = (subgraph: TestSubgraph, viewer: ReturnType<typeof aViewer>, token: string) =>
    call(subgraph, 'confirmEmailChange', { token }, { fields: 'viewer { email }', viewer });

  test('happens when the new one is confirmed, and the old one is told', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const { viewer } = await signedIn(subgraph);

    expect(await ask(subgraph, viewer, ' Anna@Example.com')).toMatchObject({ sentTo: NEW_EMAIL });
    expect((await signIn(subgraph)).codes).toEqual([]);
    const token = await tokenTo(subgraph.services, NEW_EMAIL);
    expect((await confirm(subgraph, viewer, token)).viewer).toEqual({ email: NEW_EMAIL });

    expect((await signIn(subgraph)).codes).toEqual(['INVALID_CREDENTIALS']);
    expect((await signIn(subgraph, { email: NEW_EMAIL })).codes).toEqual([]);
    expect((await mailsTo(subgraph.services, EMAIL))[0]?.subject).toBe('Your address was changed');
    expect((await confirm(subgraph, viewer, token)).codes).toEqual(['TOKEN_NOT_VALID']);
    expect(await audited(subgraph)).toContain('accounts.email-changed');
  });

  test('takes links sent to the old address with it', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const { viewer } = await signedIn(subgraph);
    const old = await resetToken(subgraph);
    await ask(subgraph, viewer);
    await confirm(subgraph, viewer, await tokenTo(subgraph.services, NEW_EMAIL));
    expect((await reset(subgraph, old)).codes).toEqual(['TOKEN_NOT_VALID']);
  });

  test('is confirmed by who asked alone, not by whoever reads a mistyped mailbox', async ({
    subgraph,
  }) => {
    await seedAnn(subgraph);
    const { viewer } = await signedIn(subgraph);
    await ask(subgraph, viewer);
    const token = await tokenTo(subgraph.services, NEW_EMAIL);
    const stranger = aViewer({ userId: 'usr_01JNYZ8V4D0000000000STRANG' });
    expect((await confirm(subgraph, stranger, token)).codes).toEqual(['TOKEN_NOT_VALID']);
    expect((await confirm(subgraph, viewer, token)).codes).toEqual([]);
  });

  test('answers alike for an address of somebody else, and takes it from nobody', async ({
    subgraph,
  }) => {
    await seedAnn(subgraph);
    await seedAnn(subgraph, { userId: 'usr_2', email: 'bob@example.com', handle: 'bob' });
    const { viewer } = await signedIn(subgraph);
    expect(await ask(subgraph, viewer, 'bob@example.com')).toMatchObject({
      sentTo: 'bob@example.com',
      codes: [],
    });
    expect((await mailsTo(subgraph.services, 'bob@example.com'))[0]?.subject).toBe(
      'You have an account',
    );

    await ask(subgraph, viewer);
    const token = await tokenTo(subgraph.services, NEW_EMAIL);
    await seedAnn(subgraph, { userId: 'usr_3', email: NEW_EMAIL, handle: 'anna' });
    expect((await confirm(subgraph, viewer, token)).codes).toEqual(['TOKEN_NOT_VALID']);
    expect((await signIn(subgraph)).viewer.id).toBe(ANN);
  });
});

test.for([
  ['an app', { appId: 'app_1', scopes: ['profile:write'] }],
  ['an operator', { impersonatorId: 'usr_operator' }],
] as const)(
  '%s in the name of the person changes nothing of this',
  async ([, as], { subgraph }) => {
    await seedAnn(subgraph);
    const viewer = aViewer({ ...as, scopes: 'scopes' in as ? [...as.scopes] : [] });
    const calls = {
      changePassword: { currentPassword: PASSWORD, newPassword: NEW },
      changeEmail: { newEmail: NEW_EMAIL, password: PASSWORD },
      confirmEmailChange: { token: 'x' },
      enrolSecondFactor: { password: PASSWORD },
      confirmSecondFactor: { oneTimePassword: '000000' },
      disableSecondFactor: { password: PASSWORD, oneTimePassword: '000000' },
      endSession: { sessionId: 'ses_1' },
      impersonate: { userId: ANN, reason: 'for no good reason' },
      signOut: { everywhere: true },
    };
    for (const [mutation, input] of Object.entries(calls)) {
      const answer = call(subgraph, mutation, input, { viewer });
      await expect(answer, mutation).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    }
  },
);
