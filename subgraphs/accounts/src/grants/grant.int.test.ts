import { actionRecorded } from '@vitrine/events/audit';
import { shopOpened } from '@vitrine/events/shops';
import { appTokens } from '@vitrine/platform/app-tokens';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import {
  authorize,
  errorOf,
  people,
  refresh,
  runOAuth,
  shopIds,
} from '../oauth/oauth-server.fixture.ts';
import { shopNames } from './shop-name.store.ts';

const test = subgraphTest(accounts);

const seller = aViewer({
  userId: people.seller,
  memberships: [
    { shopId: shopIds.batik, role: 'OWNER' },
    { shopId: shopIds.other, role: 'AGENT' },
  ],
});
const developer = aViewer({ userId: people.developer });
const REFUSAL = 'userErrors { ... on UserError { code path } }';

async function mutate(
  subgraph: TestSubgraph,
  name: string,
  input: Record<string, unknown>,
  selection: string,
  viewer = seller,
) {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  const document = `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} ${REFUSAL} } }`;
  const { data, errors } = await subgraph.execute(document, { input }, viewer);
  return { ...data?.[name], thrown: errors?.[0]?.extensions['code'] ?? errors?.[0]?.message };
}

const GRANT = 'app { name } grantedBy { handle } scopes shops { id } grantedAt lastUsedAt';

const ofViewer = async (subgraph: TestSubgraph) =>
  (
    await subgraph.execute(
      `{ viewer { grantedApps(first: 5) { nodes { ${GRANT} } } } }`,
      {},
      seller,
    )
  ).data?.['viewer'].grantedApps.nodes;

const ofShop = async (subgraph: TestSubgraph, id: string, viewer = seller) =>
  (
    await subgraph.execute(
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Shop {
        grantedApps(first: 5) { nodes { ${GRANT} } } } } }`,
      { r: [{ __typename: 'Shop', id }] },
      viewer,
    )
  ).data?.['_entities'][0].grantedApps;

const viewerOf = async ({ services }: TestSubgraph, token: string) =>
  (await appTokens(services.redis, services.env.NAMESPACE).find(token))?.viewer;

describe('what somebody granted', () => {
  test('is theirs to see, with when it was last used', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const grantedAt = subgraph.clock.now().toISOString();
    const { refresh_token: token = '' } = await authorize(client);
    subgraph.clock.advance(3_600_000);
    await refresh(client, token);

    expect(await ofViewer(subgraph)).toEqual([
      {
        app: { name: 'Stock Sync' },
        grantedBy: { handle: 'sari' },
        scopes: ['stock:read', 'stock:write'],
        shops: [{ id: shopIds.batik }],
        grantedAt,
        lastUsedAt: subgraph.clock.now().toISOString(),
      },
    ]);
  });

  test('is one thing per app: who agrees again adds to it and chooses shops anew', async ({
    subgraph,
  }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const first = await authorize(client);
    const second = await authorize(client, { scope: 'profile:read' }, [shopIds.other]);

    expect(await ofViewer(subgraph)).toMatchObject([
      {
        scopes: ['stock:read', 'stock:write', 'profile:read'],
        shops: [{ id: shopIds.other }],
      },
    ]);
    const [before, after] = [
      await viewerOf(subgraph, first.access_token),
      await viewerOf(subgraph, second.access_token),
    ];
    // The older token has a shop too many, so its session is another one, which has ended.
    expect(after?.sessionId).not.toBe(before?.sessionId);
    expect(after?.scopes).toEqual(['profile:read']);
  });

  test('can be agreed to in two windows at once', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const { client_id: appId } = (await server.client('PUBLIC')).client;
    const consent = { userId: people.seller, appId, scopes: ['stock:read'], shopIds: [] };
    const grants = await Promise.all([1, 2, 3].map(() => server.grants.agree(consent)));
    expect(new Set(grants.map(({ id }) => id)).size).toBe(1);
  });

  test('ends when it is taken back, once, and no other app with it', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const other = await server.client('PUBLIC', { name: 'Other' });
    const tokens = await authorize(client);
    const others = await authorize(other);
    const revoke = () =>
      mutate(subgraph, 'revokeApp', { appId: client.client.client_id }, 'app { name }');

    expect((await revoke()).app).toEqual({ name: 'Stock Sync' });
    expect((await revoke()).userErrors).toEqual([{ code: 'NOT_FOUND', path: ['input', 'appId'] }]);
    expect(await errorOf(refresh(client, tokens.refresh_token ?? ''))).toBe('invalid_grant');
    expect(await errorOf(refresh(other, others.refresh_token ?? ''))).toBeNull();
    expect(await ofViewer(subgraph)).toMatchObject([{ app: { name: 'Other' } }]);
  });

  test('ends with the app', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const { refresh_token: token = '' } = await authorize(client);
    const appId = client.client.client_id;
    await server.useCases.deleteApp({ developerUserId: people.developer, appId });

    expect(await errorOf(refresh(client, token))).toBe('invalid_client');
    expect(await ofViewer(subgraph)).toEqual([]);
  });

  test('is in the audit log, for the person and for each shop', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    await authorize(await server.client('PUBLIC'), {}, Object.values(shopIds));
    const granted = (await subgraph.emitted(actionRecorded)).filter(
      ({ action }) => action === 'accounts.app-granted',
    );
    expect(granted.map(({ shopId, actor }) => [shopId, actor.userId])).toEqual([
      [null, people.seller],
      [shopIds.batik, people.seller],
      [shopIds.other, people.seller],
    ]);
  });
});

describe('an owner', () => {
  test('sees who acts in their shop, and not where else', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    await authorize(await server.client('PUBLIC'), {}, Object.values(shopIds));

    expect((await ofShop(subgraph, shopIds.batik)).nodes).toMatchObject([
      {
        app: { name: 'Stock Sync' },
        grantedBy: { handle: 'sari' },
        shops: [{ id: shopIds.batik }],
      },
    ]);
    // Where the seller is an agent, and where the developer is nobody.
    expect(await ofShop(subgraph, shopIds.other)).toBeNull();
    expect(await ofShop(subgraph, shopIds.batik, developer)).toBeNull();
  });

  test('shuts an app out of their shop, and leaves it the rest', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const tokens = await authorize(client, {}, Object.values(shopIds));
    const before = await viewerOf(subgraph, tokens.access_token);
    const appId = client.client.client_id;
    const shut = (shopId: string, viewer = seller) =>
      mutate(subgraph, 'revokeShopApp', { shopId, appId }, 'endedGrantCount app { name }', viewer);

    expect((await shut(shopIds.other)).thrown).toBe('FORBIDDEN');
    expect((await shut(shopIds.batik, developer)).thrown).toBe('FORBIDDEN');
    expect(await shut(shopIds.batik)).toMatchObject({
      endedGrantCount: 1,
      app: { name: 'Stock Sync' },
    });
    expect((await shut(shopIds.batik)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);

    const { access_token: next } = await refresh(client, tokens.refresh_token ?? '');
    const after = await viewerOf(subgraph, next);
    expect(after?.memberships).toEqual([{ shopId: shopIds.other, role: 'AGENT' }]);
    expect(after?.sessionId).not.toBe(before?.sessionId);
  });
});

describe('a developer', () => {
  const grant = (subgraph: TestSubgraph, input: Record<string, unknown>, viewer = developer) =>
    mutate(
      subgraph,
      'grantOwnApp',
      { scopes: ['stock:read'], ...input },
      `accessToken refreshToken accessTokenExpiresAt grant { ${GRANT} }`,
      viewer,
    );

  test('tries an app of theirs on themselves, without a browser', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('CONFIDENTIAL');
    const { accessToken, refreshToken, userErrors } = await grant(subgraph, {
      appId: client.client.client_id,
    });

    expect(userErrors).toEqual([]);
    expect(await viewerOf(subgraph, accessToken)).toMatchObject({
      userId: people.developer,
      appId: client.client.client_id,
      scopes: ['stock:read'],
    });
    const next = await refresh(client, refreshToken);
    expect(next.scope).toBe('stock:read');
    expect(await errorOf(refresh(client, next.refresh_token ?? ''))).toBeNull();
  });

  test('is told what stands in the way, and gets no shop of somebody else', async ({
    subgraph,
  }) => {
    const server = await runOAuth(subgraph);
    const appId = (await server.client('CONFIDENTIAL')).client.client_id;
    const refused = await grant(subgraph, {
      appId,
      scopes: ['stock:read', 'orders:write'],
      shopIds: [shopIds.batik],
    });

    expect(refused.accessToken).toBeNull();
    expect(refused.userErrors).toEqual([
      { code: 'SCOPE_NOT_REGISTERED', path: ['input', 'scopes', '1'] },
      { code: 'NOT_YOUR_SHOP', path: ['input', 'shopIds', '0'] },
    ]);
    expect((await grant(subgraph, { appId, scopes: [] })).userErrors).toMatchObject([
      { code: 'SCOPE_MISSING' },
    ]);
  });

  test('cannot do so for anybody else, nor anybody else with the app', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const appId = (await server.client('CONFIDENTIAL')).client.client_id;
    expect((await grant(subgraph, { appId }, seller)).userErrors).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
    const helped = aViewer({ ...developer, impersonatorId: 'usr_1' });
    expect((await grant(subgraph, { appId }, helped)).thrown).toBe('FORBIDDEN');
  });
});

test('shops are known by the names they opened with', async ({ subgraph }) => {
  subgraph.work();
  const opened = {
    shopId: shopIds.batik,
    ownerUserId: people.seller,
    name: 'Batik House',
    market: 'ID',
    currencyCode: 'IDR',
  };
  await subgraph.deliver('accounts.shop-names', shopOpened, {
    aggregateId: shopIds.batik,
    aggregateVersion: 1,
    payload: opened,
  });
  await subgraph.quiet();
  expect(await shopNames(subgraph.services).of([shopIds.batik, shopIds.other])).toEqual(
    new Map([[shopIds.batik, 'Batik House']]),
  );
});
