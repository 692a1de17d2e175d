import { appTokens } from '@vitrine/platform/app-tokens';
import { openRedis } from '@vitrine/platform/redis';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import * as oauth from 'oauth4webapi';
import { describe, expect, onTestFinished } from 'vitest';
import { accounts } from '../index.ts';
import {
  agree,
  ask,
  authorize,
  errorOf,
  insecure,
  people,
  redeem,
  refresh,
  runOAuth,
  servePages,
} from './oauth-server.fixture.ts';

const test = subgraphTest(accounts);

const isKnown = async ({ services }: TestSubgraph, token: string) =>
  (await appTokens(services.redis, services.env.NAMESPACE).find(token)) !== null;

const errorsOf = (calls: readonly Promise<unknown>[]) => Promise.all(calls.map(errorOf));

describe('a code', () => {
  test('is good once; who comes with it again ends everything that came of it', async ({
    subgraph,
  }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const asked = await ask(client);
    const back = await agree(asked);
    const tokens = await redeem(client, asked, back);

    expect(await errorOf(redeem(client, asked, back))).toBe('invalid_grant');
    expect(await errorOf(refresh(client, tokens.refresh_token ?? ''))).toBe('invalid_grant');
    expect(await server.grants.findFor(people.seller, client.client.client_id)).toBeNull();
  });

  test('is redeemed by one of two who come at the same moment', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const asked = await ask(client);
    const back = await agree(asked);

    const both = await errorsOf([redeem(client, asked, back), redeem(client, asked, back)]);
    expect(both.toSorted()).toEqual(['invalid_grant', null].toSorted());
  });

  test('is worth nothing without its verifier, and stays good for whoever has it', async ({
    subgraph,
  }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const asked = await ask(client);
    const back = await agree(asked);
    const thief = { ...asked, verifier: oauth.generateRandomCodeVerifier() };

    expect(await errorOf(redeem(client, thief, back))).toBe('invalid_grant');
    expect(await errorOf(redeem(client, asked, back))).toBeNull();
  });

  test('is worth nothing to another app, nor with another address', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('CONFIDENTIAL', {
      redirectUris: ['https://app.example/callback', 'https://app.example/other'],
    });
    const other = await server.client('CONFIDENTIAL', { name: 'Other' });
    const asked = await ask(client);
    const back = await agree(asked);

    expect(await errorOf(redeem(other, asked, back))).toBe('invalid_grant');
    const elsewhere = { ...client, redirectUri: 'https://app.example/other' };
    expect(await errorOf(redeem(elsewhere, asked, back))).toBe('invalid_grant');
    expect(await errorOf(redeem(client, asked, back))).toBeNull();
  });

  test('is worth nothing after a minute', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const asked = await ask(client);
    const back = await agree(asked);
    const records = subgraph.services.db.collection('oauth_records');
    const { exp, iat } = (await records.findOne({ kind: 'AuthorizationCode' }))?.['payload'] ?? {};
    expect(exp - iat).toBe(60);
    // The server goes by the machine's clock, so the code is made older instead.
    await records.updateOne({ kind: 'AuthorizationCode' }, { $set: { 'payload.exp': iat - 60 } });

    expect(await errorOf(redeem(client, asked, back))).toBe('invalid_grant');
  });
});

test('who cannot prove to be the app gets nothing', async ({ subgraph }) => {
  const server = await runOAuth(subgraph);
  const client = await server.client('CONFIDENTIAL');
  const tokens = await authorize(client);
  const { refresh_token: token = '' } = tokens;
  const wrong = { ...client, auth: oauth.ClientSecretPost('vitrine_secret_guess') };
  const none = { ...client, auth: oauth.None() };

  expect(await errorsOf([refresh(wrong, token), refresh(none, token)])).toEqual([
    'invalid_client',
    'invalid_client',
  ]);
  expect(await errorOf(refresh(client, token))).toBeNull();
});

test('an answer of another server is noticed by its issuer', async ({ subgraph }) => {
  const server = await runOAuth(subgraph);
  const client = await server.client('PUBLIC');
  const asked = await ask(client);
  const back = await agree(asked);
  expect(back.searchParams.get('iss')).toBe(server.origin);
  back.searchParams.set('iss', 'https://other.example');
  expect(() => oauth.validateAuthResponse(client.as, client.client, back, asked.state)).toThrow(
    'iss',
  );
});

describe('a refresh token', () => {
  test('is exchanged by one of two at the same moment, and the family survives', async ({
    subgraph,
  }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const { refresh_token: token = '' } = await authorize(client);

    const both = await Promise.allSettled([refresh(client, token), refresh(client, token)]);
    const won = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));

    expect(won).toHaveLength(1);
    expect(await errorOf(refresh(client, token))).toBe('invalid_grant');
    expect(await errorOf(refresh(client, won[0]?.refresh_token ?? ''))).toBeNull();
  });

  test('that comes again later ends the grant with every token of it', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const { refresh_token: token = '' } = await authorize(client);
    const next = await refresh(client, token);
    subgraph.clock.advance(10_001);

    expect(await errorOf(refresh(client, token))).toBe('invalid_grant');
    expect(await errorOf(refresh(client, next.refresh_token ?? ''))).toBe('invalid_grant');
    expect(await server.grants.findFor(people.seller, client.client.client_id)).toBeNull();
  });

  test('of another app is worth nothing, and its family does not suffer', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('CONFIDENTIAL');
    const other = await server.client('CONFIDENTIAL', { name: 'Other' });
    const { refresh_token: token = '' } = await authorize(client);

    expect(await errorOf(refresh(other, token))).toBe('invalid_grant');
    expect(await errorOf(refresh(client, token))).toBeNull();
  });
});

test('what another app holds is unknown at introspection, and cannot be revoked', async ({
  subgraph,
}) => {
  const server = await runOAuth(subgraph);
  const client = await server.client('CONFIDENTIAL');
  const other = await server.client('CONFIDENTIAL', { name: 'Other' });
  const { access_token: token } = await authorize(client);
  const { as } = client;

  const seen = await oauth.introspectionRequest(as, other.client, other.auth, token, insecure);
  expect(await oauth.processIntrospectionResponse(as, other.client, seen)).toEqual({
    active: false,
  });
  const revoked = await oauth.revocationRequest(as, other.client, other.auth, token, insecure);
  expect(revoked.status).toBe(200);
  expect(await isKnown(subgraph, token)).toBe(true);
});

test('while tokens cannot be put anywhere, nothing is used up', async ({ subgraph }) => {
  const server = await runOAuth(subgraph);
  const client = await server.client('PUBLIC');
  const asked = await ask(client);
  const back = await agree(asked);
  const redis = openRedis('redis://127.0.0.1:1', 'command', subgraph.services.logger);
  onTestFinished(() => redis.disconnect());
  const lame = await servePages({ ...subgraph.services, redis });
  const atLame = {
    ...client,
    as: { ...client.as, token_endpoint: `${lame}/oauth/token` },
  };

  expect(await errorOf(redeem(atLame, asked, back))).toBe('HTTP 503');
  const { refresh_token: token = '' } = await redeem(client, asked, back);
  expect(await errorOf(refresh(atLame, token))).toBe('HTTP 503');
  subgraph.clock.advance(60_000);
  expect(await errorOf(refresh(client, token))).toBeNull();
});

test('nothing that is stored would let anybody in', async ({ subgraph }) => {
  const server = await runOAuth(subgraph);
  const client = await server.client('CONFIDENTIAL');
  const asked = await ask(client);
  const back = await agree(asked);
  const tokens = await redeem(client, asked, back);
  const rows = await subgraph.services.db.collection('oauth_records').find().toArray();
  const apps = await subgraph.services.db.collection('apps').find().toArray();
  const text = JSON.stringify([rows, apps]);

  expect(rows.length).toBeGreaterThan(3);
  for (const secret of [
    tokens.access_token,
    tokens.refresh_token,
    back.searchParams.get('code'),
    'vitrine_secret_',
  ]) {
    expect(text).not.toContain(secret ?? 'nothing');
  }
});
