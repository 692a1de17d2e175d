import { guestSignedIn } from '@vitrine/events/accounts';
import { guestTokens } from '@vitrine/platform/guest-tokens';
import { accessTokens } from '@vitrine/platform/viewer';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aGuest } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { seedAccounts } from '../seed.ts';
import { sessionModel } from '../sessions/session.model.ts';
import { openGuests } from './guest.open.ts';

const test = subgraphTest(accounts);
const userId = 'usr_01JNYZ8V4D0000000000000ANN';

const start = async (subgraph: TestSubgraph) => {
  const { data } = await subgraph.execute(
    'mutation { startGuestSession { guestToken expiresAt userErrors { ... on UserError { code } } } }',
  );
  return data?.['startGuestSession'];
};

const seed = (subgraph: TestSubgraph) =>
  seedAccounts(
    subgraph.services,
    [{ userId, email: 'ann@example.com', displayName: 'Ann', handle: 'ann', roles: ['BUYER'] }],
    { password: 'correct horse' },
  );

const signIn = async (subgraph: TestSubgraph, guestToken?: string, password = 'correct horse') => {
  const { data } = await subgraph.execute(
    'mutation ($input: SignInInput!) { signIn(input: $input) { viewer { id } userErrors { ... on UserError { code } } } }',
    { input: { email: 'ann@example.com', password, guestToken } },
  );
  return data?.['signIn'];
};

describe('a guest', () => {
  test('has a token of their own for thirty days, and is no person', async ({ subgraph }) => {
    const [one, other] = [await start(subgraph), await start(subgraph)];
    expect(one.userErrors).toEqual([]);
    expect(new Date(one.expiresAt).getTime() - subgraph.clock.now().getTime()).toBe(
      30 * 86_400_000,
    );
    const tokens = accessTokens(subgraph.services.env.TOKEN_SECRET);
    const viewer = await tokens.verify(one.guestToken);
    expect(viewer).toMatchObject({ kind: 'GUEST', roles: [], memberships: [] });
    expect(viewer.userId).toMatch(/^gst_/);
    expect((await tokens.verify(other.guestToken)).userId).not.toBe(viewer.userId);

    const { data } = await subgraph.execute('{ viewer { id } }', {}, aGuest());
    expect(data).toEqual({ viewer: null });
  });

  test('waits after hundreds from one address', async ({ subgraph }) => {
    const { startGuestSession } = openGuests(subgraph.services);
    const from = (address: string) => startGuestSession({ address });
    for (let count = 0; count < 300; count++) expect((await from('192.0.2.1')).ok).toBe(true);

    expect(await from('192.0.2.1')).toMatchObject({
      ok: false,
      refusal: { retryAfterSeconds: 1 },
    });
    expect((await from('192.0.2.2')).ok).toBe(true);
    subgraph.clock.advance(1_000);
    expect((await from('192.0.2.1')).ok).toBe(true);
  });
});

describe('signing in', () => {
  test('with a guest token tells whose cart it is now', async ({ subgraph }) => {
    await seed(subgraph);
    const { guestToken } = await start(subgraph);
    const guestId = await guestTokens(subgraph.services.env.TOKEN_SECRET).guestOf(guestToken);

    expect((await signIn(subgraph, guestToken)).viewer).toEqual({ id: userId });

    expect(await subgraph.emitted(guestSignedIn)).toEqual([{ guestId, userId }]);
    expect(await sessionModel(subgraph.services.db).countDocuments({ userId })).toBe(1);
  });

  test('with a wrong password gives nobody a cart', async ({ subgraph }) => {
    await seed(subgraph);
    const { guestToken } = await start(subgraph);
    expect((await signIn(subgraph, guestToken, 'wrong')).viewer).toBeNull();
    expect(await subgraph.emitted(guestSignedIn)).toEqual([]);
  });

  test('goes on with a guest token that is no good, of which nothing is told', async ({
    subgraph,
  }) => {
    await seed(subgraph);
    const { guestToken } = await start(subgraph);
    const secret = subgraph.services.env.TOKEN_SECRET;
    const ofPerson = await accessTokens(secret).sign({
      ...aGuest({ userId: 'usr_other' }),
      kind: 'PERSON',
    });
    for (const token of ['', 'nonsense', `${guestToken}x`, ofPerson]) {
      expect((await signIn(subgraph, token)).viewer).toEqual({ id: userId });
    }
    expect(await subgraph.emitted(guestSignedIn)).toEqual([]);
  });
});
