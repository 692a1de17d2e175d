import { accounts } from '@vitrine/accounts';
import {
  authorize,
  errorOf,
  forItself,
  people,
  refresh,
  revoke,
  runOAuth,
  shopIds,
} from '@vitrine/accounts/oauth/oauth-server.fixture';
import { readEnv } from '@vitrine/platform/env';
import { prepareDatabase } from '@vitrine/platform/run';
import { openServices } from '@vitrine/platform/services';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { type RunningGateway, runGateway, type Shape, shapes } from './running-gateway.ts';
import { type SmallSubgraph, silent } from './small-graph.ts';

/** The real accounts behind a real gateway, and clients that know nothing but its address. */
async function start(shape: Shape) {
  // A context of its own kind, which nothing here looks at.
  const running = await runGateway([accounts as unknown as SmallSubgraph], { shape });
  const services = await openServices('accounts', {
    env: readEnv({ NODE_ENV: 'test', NAMESPACE: running.namespace }),
    logger: silent,
    mongoUrl: inject('mongoUrl'),
    redisUrl: inject('redisUrl'),
  });
  await prepareDatabase(accounts, services, { withExpiry: false });
  onTestFinished(async () => {
    await services.db.dropDatabase();
    await services.close();
  });
  return { running, server: await runOAuth({ services }, running.gateway.url) };
}

const ask = async ({ post }: RunningGateway, token: string, query: string, variables = {}) =>
  (await post({ query, variables }, { authorization: `Bearer ${token}` })).body;

const codes = ({ errors = [] }: { errors?: { extensions: { code: string } }[] }) =>
  errors.map(({ extensions }) => extensions.code);

describe.for(shapes)('%s', (shape) => {
  test('an app queries the graph as far as the person agreed, and no further', async () => {
    const { running, server } = await start(shape);
    const client = await server.client('CONFIDENTIAL');
    expect(client.as.issuer).toBe(running.gateway.url);
    const { access_token: token } = await authorize(client, { scope: 'profile:read stock:read' });

    const answer = await ask(
      running,
      token,
      `{ viewer { id email scopes }
         viewerApp { id name tokenScopes quota { limit used restoreRate resetsAt } } }`,
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual({
      viewer: {
        id: people.seller,
        email: 'seller@example.com',
        scopes: ['profile:read', 'stock:read'],
      },
      viewerApp: {
        id: client.client.client_id,
        name: 'Stock Sync',
        tokenScopes: ['profile:read', 'stock:read'],
        quota: {
          limit: 200_000,
          used: expect.any(Number),
          restoreRate: 10_000,
          resetsAt: expect.any(String),
        },
      },
    });

    const change = `mutation { changeProfile(input: { expectedVersion: 1, displayName: "Eve" }) {
      profile { displayName } userErrors { ... on UserError { code } } } }`;
    expect(codes(await ask(running, token, change))).toEqual(['MISSING_SCOPE']);
    const register = `mutation { registerApp(input: { name: "X", description: "x", kind: PUBLIC,
      homepageUrl: "https://x.example" }) { app { id } userErrors { ... on UserError { code } } } }`;
    expect(codes(await ask(running, token, register))).toEqual(['FORBIDDEN']);
  });

  test('what is taken back counts with the next request', async () => {
    const { running, server } = await start(shape);
    const client = await server.client('PUBLIC');
    const tokens = await authorize(client, { scope: 'profile:read' });
    const query = '{ viewer { email } }';
    expect((await ask(running, tokens.access_token, query)).data.viewer.email).toBe(
      'seller@example.com',
    );

    await server.grants.end({ userId: people.seller, appId: client.client.client_id });
    await expect
      .poll(async () => codes(await ask(running, tokens.access_token, query)))
      .toEqual(['UNAUTHENTICATED']);
    expect(await errorOf(refresh(client, tokens.refresh_token ?? ''))).toBe('invalid_grant');
    const again = await authorize(client, { scope: 'profile:read' });
    expect((await ask(running, again.access_token, query)).errors).toBeUndefined();
  });

  test('a token that was shut out of a shop is good for the rest after a refresh', async () => {
    const { running, server } = await start(shape);
    const client = await server.client('PUBLIC');
    const tokens = await authorize(client, { scope: 'profile:read' }, Object.values(shopIds));
    await server.grants.withdrawShop(shopIds.batik, client.client.client_id);
    const query = '{ viewer { id } }';
    await expect
      .poll(async () => codes(await ask(running, tokens.access_token, query)))
      .toEqual(['UNAUTHENTICATED']);

    const next = await refresh(client, tokens.refresh_token ?? '');
    expect((await ask(running, next.access_token, query)).data).toEqual({
      viewer: { id: people.seller },
    });
  });

  test('an app for itself sees itself, until it gives its token back', async () => {
    const { running, server } = await start(shape);
    const client = await server.client('CONFIDENTIAL');
    const { access_token: token } = await forItself(client, 'app:read');
    const query = '{ viewer { id } viewerApp { registration { redirectUris } } }';

    const answer = await ask(running, token, query);
    expect(answer.data.viewer).toBeNull();
    expect(answer.data.viewerApp.registration.redirectUris).toEqual([client.redirectUri]);
    await revoke(client, token);
    await expect
      .poll(async () => codes(await ask(running, token, query)))
      .toEqual(['UNAUTHENTICATED']);
  });

  test('a page of the app may ask for tokens, and a page of somebody else may not', async () => {
    const { running, server } = await start(shape);
    const client = await server.client('PUBLIC');
    const { refresh_token: token = '' } = await authorize(client, { scope: 'profile:read' });
    const send = (origin: string, init: RequestInit) =>
      fetch(`${running.gateway.url}/oauth/token`, {
        ...init,
        headers: { ...init.headers, origin },
      });
    const asked = await send('https://app.example', {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'POST' },
    });
    expect(asked.headers.get('access-control-allow-origin')).toMatch(
      /^(\*|https:\/\/app\.example)$/,
    );

    const form = {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: token,
        client_id: client.client.client_id,
      }),
    };
    const refused = await send('https://evil.example', form);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: 'invalid_request' });
    const given = await send('https://app.example', form);
    expect(given.status).toBe(200);
    expect(given.headers.get('access-control-allow-origin')).toBe('https://app.example');
  });

  test('a token that was made up is none', async () => {
    const { running } = await start(shape);
    const made = 'A'.repeat(43);
    expect(codes(await ask(running, made, '{ viewer { id } }'))).toEqual(['UNAUTHENTICATED']);
  });
});
