import { SECOND } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { Secret, TOTP } from 'otpauth';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { mailsTo } from '../verification/mailbox.fixture.ts';
import {
  ANN,
  call,
  EMAIL,
  PASSWORD,
  refresh,
  seedAnn,
  signedIn,
  signIn,
  viewerOf,
} from '../verification/people.fixture.ts';
import { secondFactorModel } from './second-factor.model.ts';

const test = subgraphTest(accounts);

/** What the device shows `off` steps from now. */
const codeOf = (subgraph: TestSubgraph, secret: string, off = 0) =>
  TOTP.generate({
    secret: Secret.fromBase32(secret),
    timestamp: subgraph.clock.now().getTime() + off * 30 * SECOND,
  });

/** Ann with a device, whose first code is used up; the clock stands at the next one. */
async function enrolled(subgraph: TestSubgraph) {
  await seedAnn(subgraph);
  const { viewer, refreshToken } = await signedIn(subgraph);
  const { secret, otpauthUri } = await call(
    subgraph,
    'enrolSecondFactor',
    { password: PASSWORD },
    { fields: 'secret otpauthUri', viewer },
  );
  const confirm = (oneTimePassword: string) =>
    call(subgraph, 'confirmSecondFactor', { oneTimePassword }, { fields: 'recoveryCodes', viewer });
  const { recoveryCodes } = await confirm(codeOf(subgraph, secret));
  subgraph.clock.advance(30 * SECOND);
  return { viewer, refreshToken, secret, otpauthUri, recoveryCodes, confirm };
}

const disable = (
  subgraph: TestSubgraph,
  viewer: Awaited<ReturnType<typeof enrolled>>['viewer'],
  oneTimePassword: string,
  password = PASSWORD,
) =>
  call(
    subgraph,
    'disableSecondFactor',
    { password, oneTimePassword },
    { fields: 'isDisabled', viewer },
  );

describe('setting up one-time passwords', () => {
  test('gives a secret for a device and, once it is confirmed, ten recovery codes', async ({
    subgraph,
  }) => {
    const { otpauthUri, secret, recoveryCodes } = await enrolled(subgraph);

    const uri = new URL(otpauthUri);
    expect(uri.protocol).toBe('otpauth:');
    expect(uri.searchParams.get('secret')).toBe(secret);
    expect(decodeURIComponent(uri.pathname)).toContain('ann@example.com');
    expect(new Set(recoveryCodes).size).toBe(10);
    expect((await mailsTo(subgraph.services, EMAIL))[0]?.subject).toBe('One-time passwords are on');
  });

  test('keeps neither the secret nor the codes readable', async ({ subgraph }) => {
    const { secret, recoveryCodes } = await enrolled(subgraph);
    const stored = JSON.stringify(await secondFactorModel(subgraph.services.db).find().lean());
    for (const text of [secret, ...recoveryCodes]) {
      expect(stored).not.toContain(text);
      expect(stored).not.toContain(text.replaceAll('-', ''));
    }
  });

  test('counts for this session from its next refresh on', async ({ subgraph }) => {
    const { refreshToken } = await enrolled(subgraph);
    const { accessToken } = await refresh(subgraph, refreshToken);
    expect((await viewerOf(subgraph, accessToken)).hasSecondFactor).toBe(true);
  });

  test('needs the password, and the code of the new device', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const { viewer } = await signedIn(subgraph);
    const as = { viewer };
    const refused = await call(subgraph, 'enrolSecondFactor', { password: 'wrong' }, as);
    expect(refused.codes).toEqual(['PASSWORD_WRONG']);

    const none = await call(subgraph, 'confirmSecondFactor', { oneTimePassword: '1' }, as);
    expect(none.codes).toEqual(['NOT_ENROLLED']);
    await call(subgraph, 'enrolSecondFactor', { password: PASSWORD }, as);
    const wrong = await call(subgraph, 'confirmSecondFactor', { oneTimePassword: '000000' }, as);
    expect(wrong.codes).toEqual(['ONE_TIME_PASSWORD_WRONG']);
    expect((await signIn(subgraph)).codes).toEqual([]);
  });

  test('is not done twice', async ({ subgraph }) => {
    const { viewer, secret, confirm } = await enrolled(subgraph);
    const again = await call(subgraph, 'enrolSecondFactor', { password: PASSWORD }, { viewer });
    expect(again.codes).toEqual(['ALREADY_ENROLLED']);
    expect((await confirm(codeOf(subgraph, secret))).codes).toEqual(['ALREADY_ENROLLED']);
  });
});

describe('signing in with one', () => {
  test('is asked for after the right password, and then told by the token', async ({
    subgraph,
  }) => {
    const { secret } = await enrolled(subgraph);

    expect((await signIn(subgraph, { password: 'wrong' })).codes).toEqual(['INVALID_CREDENTIALS']);
    expect((await signIn(subgraph)).userErrors).toMatchObject([
      { code: 'ONE_TIME_PASSWORD_REQUIRED', path: ['input', 'oneTimePassword'] },
    ]);
    const { viewer } = await signedIn(subgraph, { oneTimePassword: codeOf(subgraph, secret) });
    expect(viewer).toMatchObject({ userId: ANN, hasSecondFactor: true });
  });

  test('takes a code once, also from two at once, and none before it', async ({ subgraph }) => {
    const { secret } = await enrolled(subgraph);
    const now = codeOf(subgraph, secret);
    const both = await Promise.all([
      signIn(subgraph, { oneTimePassword: now }),
      signIn(subgraph, { oneTimePassword: now }),
    ]);
    expect(both.flatMap(({ codes }) => codes)).toEqual(['ONE_TIME_PASSWORD_WRONG']);

    const before = await signIn(subgraph, { oneTimePassword: codeOf(subgraph, secret, -1) });
    expect(before.codes).toEqual(['ONE_TIME_PASSWORD_WRONG']);
    const next = await signIn(subgraph, { oneTimePassword: codeOf(subgraph, secret, 1) });
    expect(next.codes).toEqual([]);
  });

  test('takes a clock that is half a minute off, and no more', async ({ subgraph }) => {
    const { secret } = await enrolled(subgraph);
    subgraph.clock.advance(300 * SECOND);
    for (const off of [-2, 2]) {
      const { codes } = await signIn(subgraph, { oneTimePassword: codeOf(subgraph, secret, off) });
      expect(codes).toEqual(['ONE_TIME_PASSWORD_WRONG']);
    }
    for (const off of [-1, 1]) {
      const { codes } = await signIn(subgraph, { oneTimePassword: codeOf(subgraph, secret, off) });
      expect(codes).toEqual([]);
    }
  });

  test('guessing ends in waiting, for the right code as well', async ({ subgraph }) => {
    const { secret } = await enrolled(subgraph);
    for (let n = 0; n < 5; n += 1) await signIn(subgraph, { oneTimePassword: `00000${n}` });
    const { codes } = await signIn(subgraph, { oneTimePassword: codeOf(subgraph, secret) });
    expect(codes).toEqual(['TOO_MANY_ATTEMPTS']);
  });

  test('a recovery code does instead, once, and is told by mail', async ({ subgraph }) => {
    const { recoveryCodes } = await enrolled(subgraph);
    const typed = ` ${recoveryCodes[3].toLowerCase()} `;

    expect((await signIn(subgraph, { oneTimePassword: typed })).codes).toEqual([]);
    expect((await signIn(subgraph, { oneTimePassword: typed })).codes).toEqual([
      'ONE_TIME_PASSWORD_WRONG',
    ]);
    const [mail] = await mailsTo(subgraph.services, EMAIL);
    expect(mail?.subject).toBe('A recovery code was used');
    expect(mail?.text).toContain('9 codes are left');
  });

  test('a new password does not do without it', async ({ subgraph }) => {
    const { viewer } = await enrolled(subgraph);
    const newPassword = 'battery staple';
    const change = { currentPassword: PASSWORD, newPassword };
    await call(subgraph, 'changePassword', change, { viewer });
    expect((await signIn(subgraph, { password: newPassword })).codes).toEqual([
      'ONE_TIME_PASSWORD_REQUIRED',
    ]);
  });
});

describe('doing without', () => {
  test('needs both proofs, and ends every session', async ({ subgraph }) => {
    const { viewer, refreshToken, secret } = await enrolled(subgraph);
    const code = codeOf(subgraph, secret);

    expect((await disable(subgraph, viewer, code, 'wrong')).codes).toEqual(['PASSWORD_WRONG']);
    expect((await disable(subgraph, viewer, '000000')).codes).toEqual(['ONE_TIME_PASSWORD_WRONG']);
    expect(await disable(subgraph, viewer, code)).toMatchObject({ isDisabled: true, codes: [] });

    expect((await refresh(subgraph, refreshToken)).codes).toEqual(['SESSION_ENDED']);
    expect((await signedIn(subgraph)).viewer.hasSecondFactor).toBe(false);
    expect((await disable(subgraph, viewer, code)).codes).toEqual(['NOT_ENROLLED']);
  });

  test('is possible with a recovery code, when the device is lost', async ({ subgraph }) => {
    const { viewer, recoveryCodes } = await enrolled(subgraph);
    expect((await disable(subgraph, viewer, recoveryCodes[0])).codes).toEqual([]);
  });
});

test("a secret moved to another person's account opens nothing", async ({ subgraph }) => {
  const { secret } = await enrolled(subgraph);
  const bob = 'usr_01JNYZ8V4D00000000000000B0';
  await seedAnn(subgraph, { userId: bob, email: 'bob@example.com', handle: 'bob' });
  const factors = secondFactorModel(subgraph.services.db);
  const row = await factors.findById(ANN).lean();
  await factors.create({ ...row, _id: bob, lastStep: 0 });

  const entering = signIn(subgraph, {
    email: 'bob@example.com',
    oneTimePassword: codeOf(subgraph, secret),
  });

  await expect(entering).rejects.toThrow(/sealed for another/);
});
