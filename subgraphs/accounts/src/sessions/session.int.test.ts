import { DAY, MINUTE, plus, SECOND } from '@vitrine/kernel/clock';
import { accessTokens } from '@vitrine/platform/viewer';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { seedAccounts } from '../seed.ts';
import { sessionModel } from './session.model.ts';

const test = subgraphTest(accounts);

const userId = aViewer().userId;
const password = 'correct horse';
const shopId = 'shp_01JNYZ8V4D000000000000SH0P';

async function ann(subgraph: TestSubgraph) {
  // The database drops what has expired by its own clock, so the test's starts at the same moment.
  subgraph.clock.advance(Date.now() - subgraph.clock.now().getTime());
  await seedAccounts(
    subgraph.services,
    [
      {
        userId,
        email: 'ann@example.com',
        displayName: 'Ann',
        handle: 'ann',
        roles: ['BUYER', 'OPERATOR'],
        duties: ['MODERATION'],
        memberships: [{ shopId, role: 'MANAGER' }],
      },
    ],
    { password },
  );
}

const FIELDS = `accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt
  viewer { id email }
  userErrors { ... on SessionRefusedError { code refusal path retryable } }`;

const signIn = async (subgraph: TestSubgraph, input: Record<string, string> = {}) => {
  const { data } = await subgraph.execute(
    `mutation ($input: SignInInput!) { signIn(input: $input) { ${FIELDS} } }`,
    { input: { email: 'ann@example.com', password, ...input } },
  );
  return data?.['signIn'];
};

const refresh = async (subgraph: TestSubgraph, refreshToken: string) => {
  const { data } = await subgraph.execute(
    `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${FIELDS} } }`,
    { input: { refreshToken } },
  );
  return data?.['refreshSession'];
};

const viewerOf = (subgraph: TestSubgraph, accessToken: string) =>
  accessTokens(subgraph.services.env.TOKEN_SECRET).verify(accessToken);

const codesOf = ({ userErrors }: { userErrors: { code: string }[] }) =>
  userErrors.map(({ code }) => code);

describe('signing in', () => {
  test('gives tokens that say who this is and what they may do', async ({ subgraph }) => {
    await ann(subgraph);

    const { accessToken, viewer, userErrors, ...rest } = await signIn(subgraph);

    expect(userErrors).toEqual([]);
    expect(viewer).toEqual({ id: userId, email: 'ann@example.com' });
    expect(await viewerOf(subgraph, accessToken)).toEqual({
      kind: 'PERSON',
      userId,
      sessionId: expect.stringMatching(/^ses_/),
      roles: ['BUYER', 'OPERATOR'],
      duties: ['MODERATION'],
      hasSecondFactor: false,
      scopes: [],
      memberships: [{ shopId, role: 'MANAGER' }],
    });
    const now = subgraph.clock.now();
    expect(rest.accessTokenExpiresAt).toBe(plus(now, 15 * MINUTE).toISOString());
    expect(rest.refreshTokenExpiresAt).toBe(plus(now, 30 * DAY).toISOString());
  });

  test('answers a wrong password and an unknown address alike', async ({ subgraph }) => {
    await ann(subgraph);

    const wrong = await signIn(subgraph, { password: 'battery staple' });
    const unknown = await signIn(subgraph, { email: 'bob@example.com' });

    expect(wrong).toEqual(unknown);
    expect(wrong).toEqual({
      accessToken: null,
      accessTokenExpiresAt: null,
      refreshToken: null,
      refreshTokenExpiresAt: null,
      viewer: null,
      userErrors: [
        {
          code: 'INVALID_CREDENTIALS',
          refusal: 'INVALID_CREDENTIALS',
          path: null,
          retryable: false,
        },
      ],
    });
    expect(await sessionModel(subgraph.services.db).countDocuments()).toBe(0);
  });

  test('keeps no refresh token', async ({ subgraph }) => {
    await ann(subgraph);
    const { refreshToken } = await signIn(subgraph);
    const stored = JSON.stringify(await sessionModel(subgraph.services.db).find().lean());
    for (const half of refreshToken.split('.')) expect(stored).not.toContain(half);
  });
});

describe('refreshing a session', () => {
  test('gives new tokens of the same session with the rights of now', async ({ subgraph }) => {
    await ann(subgraph);
    const first = await signIn(subgraph);
    await subgraph.services.db.collection('memberships').deleteMany({});
    subgraph.clock.advance(DAY);

    const second = await refresh(subgraph, first.refreshToken);

    const [before, now] = await Promise.all(
      [first, second].map(({ accessToken }) => viewerOf(subgraph, accessToken)),
    );
    expect(now?.sessionId).toBe(before?.sessionId);
    expect(now?.memberships).toEqual([]);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.refreshTokenExpiresAt).toBe(plus(subgraph.clock.now(), 30 * DAY).toISOString());
  });

  test('with a token that was used before ends the session for everybody', async ({ subgraph }) => {
    await ann(subgraph);
    const first = await signIn(subgraph);
    const other = await signIn(subgraph);
    const second = await refresh(subgraph, first.refreshToken);
    const third = await refresh(subgraph, second.refreshToken);
    subgraph.clock.advance(11 * SECOND);

    expect(codesOf(await refresh(subgraph, first.refreshToken))).toEqual(['REFRESH_TOKEN_REUSED']);
    expect(codesOf(await refresh(subgraph, third.refreshToken))).toEqual(['SESSION_ENDED']);
    expect(codesOf(await refresh(subgraph, other.refreshToken))).toEqual([]);
  });

  test('again within ten seconds fails mildly, and the session goes on', async ({ subgraph }) => {
    await ann(subgraph);
    const first = await signIn(subgraph);
    const second = await refresh(subgraph, first.refreshToken);
    subgraph.clock.advance(10 * SECOND);

    expect(codesOf(await refresh(subgraph, first.refreshToken))).toEqual(['ALREADY_REFRESHED']);
    expect(codesOf(await refresh(subgraph, second.refreshToken))).toEqual([]);
  });

  test('many times at once gives tokens to one call, and these are good', async ({ subgraph }) => {
    await ann(subgraph);
    const { refreshToken } = await signIn(subgraph);

    const calls = await Promise.all(
      Array.from({ length: 10 }, () => refresh(subgraph, refreshToken)),
    );

    const winners = calls.filter(({ viewer }) => viewer !== null);
    expect(winners).toHaveLength(1);
    expect(calls.flatMap(codesOf)).toEqual(Array.from({ length: 9 }, () => 'ALREADY_REFRESHED'));
    expect(codesOf(await refresh(subgraph, winners[0].refreshToken))).toEqual([]);
  });

  test('is refused for what is no token and for a session that nobody used for a month', async ({
    subgraph,
  }) => {
    await ann(subgraph);
    const { refreshToken } = await signIn(subgraph);
    subgraph.clock.advance(30 * DAY);

    expect(codesOf(await refresh(subgraph, 'nonsense'))).toEqual(['SESSION_ENDED']);
    expect(codesOf(await refresh(subgraph, refreshToken))).toEqual(['SESSION_ENDED']);
  });
});

describe('signing out', () => {
  const SIGN_OUT = `mutation ($input: SignOutInput) {
    signOut(input: $input) { endedSessionCount userErrors { code } }
  }`;

  test('ends this session only, once', async ({ subgraph }) => {
    await ann(subgraph);
    const here = await signIn(subgraph);
    const there = await signIn(subgraph);
    const viewer = await viewerOf(subgraph, here.accessToken);

    const first = await subgraph.execute(SIGN_OUT, {}, viewer);
    const again = await subgraph.execute(SIGN_OUT, {}, viewer);

    expect(first.data?.['signOut']).toEqual({ endedSessionCount: 1, userErrors: [] });
    expect(again.data?.['signOut'].endedSessionCount).toBe(0);
    expect(codesOf(await refresh(subgraph, here.refreshToken))).toEqual(['SESSION_ENDED']);
    expect(codesOf(await refresh(subgraph, there.refreshToken))).toEqual([]);
  });

  test('everywhere ends all of the person and nobody else', async ({ subgraph }) => {
    await ann(subgraph);
    const here = await signIn(subgraph);
    await signIn(subgraph);
    const stranger = aViewer({ userId: 'usr_01JNYZ8V4D0000000000STRANG' });
    const viewer = await viewerOf(subgraph, here.accessToken);
    const input = { everywhere: true };

    const theirs = await subgraph.execute(SIGN_OUT, { input }, stranger);
    const own = await subgraph.execute(SIGN_OUT, { input }, viewer);

    expect(theirs.data?.['signOut'].endedSessionCount).toBe(0);
    expect(own.data?.['signOut'].endedSessionCount).toBe(2);
  });

  test("cannot end another person's session by its id", async ({ subgraph }) => {
    await ann(subgraph);
    const { accessToken, refreshToken } = await signIn(subgraph);
    const { sessionId } = await viewerOf(subgraph, accessToken);

    await subgraph.execute(
      SIGN_OUT,
      {},
      aViewer({ userId: 'usr_01JNYZ8V4D0000000000STRANG', sessionId }),
    );

    expect(codesOf(await refresh(subgraph, refreshToken))).toEqual([]);
  });

  test('is for those who are signed in', async ({ subgraph }) => {
    const { errors } = await subgraph.execute(SIGN_OUT);
    expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });
});
