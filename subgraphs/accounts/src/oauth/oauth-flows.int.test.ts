import { appTokens } from '@vitrine/platform/app-tokens';
import { scopeNames } from '@vitrine/platform/scopes';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import * as oauth from 'oauth4webapi';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import {
  agree,
  ask,
  authorize,
  errorOf,
  forItself,
  insecure,
  people,
  refresh,
  revoke,
  runOAuth,
  shopIds,
  type TestClient,
} from './oauth-server.fixture.ts';

const test = subgraphTest(accounts);

const viewerOf = async ({ services }: TestSubgraph, token: string) =>
  (await appTokens(services.redis, services.env.NAMESPACE).find(token))?.viewer ?? null;

const introspect = async ({ as, client, auth }: TestClient, token: string) =>
  oauth.processIntrospectionResponse(
    as,
    client,
    await oauth.introspectionRequest(as, client, auth, token, insecure),
  );

test('the server tells what it can do, and promises nothing that it cannot', async ({
  subgraph,
}) => {
  const server = await runOAuth(subgraph);
  const metadata = await server.as();

  expect(metadata).toMatchObject({
    issuer: server.origin,
    authorization_endpoint: `${server.origin}/oauth/authorize`,
    token_endpoint: `${server.origin}/oauth/token`,
    revocation_endpoint: `${server.origin}/oauth/revoke`,
    introspection_endpoint: `${server.origin}/oauth/introspect`,
    scopes_supported: scopeNames,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  });
  expect(metadata.grant_types_supported?.toSorted()).toEqual([
    'authorization_code',
    'client_credentials',
    'refresh_token',
  ]);
  expect(metadata.token_endpoint_auth_methods_supported?.toSorted()).toEqual([
    'client_secret_basic',
    'client_secret_post',
    'none',
  ]);
  expect(JSON.stringify(metadata)).not.toMatch(/id_token|userinfo|claims|jwks|dpop|registration/);
});

describe.for(['CONFIDENTIAL', 'PUBLIC'] as const)('a %s app', (kind) => {
  test('gets tokens for a person who agrees, and refreshes them', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client(kind);

    const first = await authorize(client);
    const second = await refresh(client, first.refresh_token ?? '');

    expect(first).toMatchObject({ token_type: 'bearer', scope: 'stock:read stock:write' });
    expect(first.expires_in).toBe(900);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    for (const { access_token } of [first, second]) {
      expect(await viewerOf(subgraph, access_token)).toEqual({
        kind: 'PERSON',
        userId: people.seller,
        sessionId: expect.stringMatching(/^ses_/),
        appId: client.client.client_id,
        // An operator's rights are for people alone.
        roles: ['BUYER'],
        duties: [],
        hasSecondFactor: false,
        scopes: ['stock:read', 'stock:write'],
        memberships: [{ shopId: shopIds.batik, role: 'OWNER' }],
      });
    }
  });

  test('may ask for less when it refreshes, and never for more', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client(kind);
    const { refresh_token: token = '' } = await authorize(client);
    const asking = (scope: string, refreshToken: string) =>
      oauth
        .refreshTokenGrantRequest(client.as, client.client, client.auth, refreshToken, {
          ...insecure,
          additionalParameters: { scope },
        })
        .then((response) => oauth.processRefreshTokenResponse(client.as, client.client, response));

    expect(await errorOf(asking('stock:read profile:read', token))).toBe('invalid_scope');
    const less = await asking('stock:read', token);
    expect((await viewerOf(subgraph, less.access_token))?.scopes).toEqual(['stock:read']);
  });

  test('sees its own tokens at introspection, until it revokes them', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client(kind);
    const tokens = await authorize(client);
    const { access_token: access, refresh_token: refreshToken = '' } = tokens;

    expect(await introspect(client, access)).toMatchObject({
      active: true,
      client_id: client.client.client_id,
      sub: people.seller,
      scope: 'stock:read stock:write',
      iss: server.origin,
    });
    await revoke(client, refreshToken);

    expect(await introspect(client, access)).toEqual({ active: false });
    expect(await introspect(client, refreshToken)).toEqual({ active: false });
    expect(await errorOf(refresh(client, refreshToken))).toBe('invalid_grant');
    expect(await server.grants.findFor(people.seller, client.client.client_id)).toBeNull();
  });
});

describe('an app for itself', () => {
  test('gets a token for what is its own', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('CONFIDENTIAL', { redirectUris: [], scopes: [] });
    const { access_token: token, refresh_token } = await forItself(client, 'app:read');

    expect(refresh_token).toBeUndefined();
    expect(await viewerOf(subgraph, token)).toMatchObject({
      kind: 'APP',
      userId: client.client.client_id,
      appId: client.client.client_id,
      roles: [],
      scopes: ['app:read'],
      memberships: [],
    });
    await revoke(client, token);
    expect(await viewerOf(subgraph, token)).toBeNull();
  });

  test('gets none for what belongs to people', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('CONFIDENTIAL');
    expect(await errorOf(forItself(client, 'app:read stock:read'))).toBe('invalid_scope');
  });

  test('gets none where it cannot prove that it is itself', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    expect(await errorOf(forItself(client, 'app:read'))).toBe('invalid_request');
  });
});

describe('a person', () => {
  test('who says no sends the app back with nothing', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const asked = await ask(client);
    const back = await agree(asked, [shopIds.batik], 'deny');

    expect(back.origin + back.pathname).toBe(client.redirectUri);
    expect(back.searchParams.get('iss')).toBe(server.origin);
    const answer = async () =>
      oauth.validateAuthResponse(client.as, client.client, back, asked.state);
    expect(await errorOf(answer())).toBe('access_denied');
    expect(await server.grants.findFor(people.seller, client.client.client_id)).toBeNull();
  });

  test('chooses shops, of those they work for', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const shopsOf = async (token: string) => (await viewerOf(subgraph, token))?.memberships;

    const none = await authorize(client, {}, ['shp_01JNYZ8V4D00000000000ANY00']);
    expect(await shopsOf(none.access_token)).toEqual([]);
    const both = await authorize(client, {}, [shopIds.batik, shopIds.other]);
    expect(await shopsOf(both.access_token)).toEqual([
      { shopId: shopIds.batik, role: 'OWNER' },
      { shopId: shopIds.other, role: 'AGENT' },
    ]);
  });

  test('who loses a role takes it from the next token of the app', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const { refresh_token: token = '' } = await authorize(client, {}, Object.values(shopIds));
    await subgraph.services.db
      .collection('memberships')
      .deleteOne({ shopId: shopIds.other, userId: people.seller });

    const { access_token: next } = await refresh(client, token);
    expect((await viewerOf(subgraph, next))?.memberships).toEqual([
      { shopId: shopIds.batik, role: 'OWNER' },
    ]);
  });
});

test('a native app comes back to any port of its own machine', async ({ subgraph }) => {
  const server = await runOAuth(subgraph);
  const client = await server.client('PUBLIC', { redirectUris: ['http://127.0.0.1/callback'] });
  const onPort = { ...client, redirectUri: 'http://127.0.0.1:51234/callback' };
  expect((await authorize(onPort)).access_token).toEqual(expect.any(String));
});

test('both secrets prove the app while one replaces the other', async ({ subgraph }) => {
  const server = await runOAuth(subgraph);
  const before = await server.client('CONFIDENTIAL');
  const rotated = await server.useCases.rotateAppSecret({
    developerUserId: people.developer,
    appId: before.client.client_id,
    expectedVersion: 1,
  });
  const secret = rotated.ok ? (rotated.value.clientSecret ?? '') : '';
  const now = { ...before, auth: oauth.ClientSecretBasic(secret) };

  expect((await forItself(now, 'app:read')).token_type).toBe('bearer');
  expect((await forItself(before, 'app:read')).token_type).toBe('bearer');
  subgraph.clock.advance(24 * 3_600_000 + 1);
  expect((await forItself(now, 'app:read')).token_type).toBe('bearer');
  expect(await errorOf(forItself(before, 'app:read'))).toBe('HTTP 401');
});
