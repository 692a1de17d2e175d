import { once } from 'node:events';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { request } from 'undici';
import { describe } from 'vitest';
import { WebSocket } from 'ws';
import { signedTokens } from './keys.ts';
import { serveSubgraph } from './server.ts';
import { type ServicesFixture, test } from './services.fixture.ts';
import { defineSubgraph, type RequestScope } from './subgraph.ts';
import {
  type Asking,
  accessTokens,
  requireViewer,
  VIEWER_HEADER,
  type Viewer,
  viewerSigner,
} from './viewer.ts';

const viewer: Viewer = {
  kind: 'PERSON',
  userId: 'usr_1',
  sessionId: 'ses_1',
  roles: ['BUYER'],
  duties: [],
  hasSecondFactor: false,
  scopes: [],
  memberships: [],
};

const orders = defineSubgraph<{ scope: RequestScope }>({
  name: 'orders',
  schema: buildSubgraphSchema([
    {
      typeDefs: parse('type Query { me: String from: String languages: [String!] broken: String }'),
      resolvers: {
        Query: {
          me: (_: unknown, __: unknown, { scope }: { scope: RequestScope }) =>
            requireViewer(scope.viewer).userId,
          from: (_: unknown, __: unknown, { scope: { origin: from } }: { scope: RequestScope }) =>
            from ? `${from.address} ${from.userAgent}` : null,
          languages: (_: unknown, __: unknown, { scope }: { scope: RequestScope }) =>
            scope.languages,
          broken: () => {
            throw new Error('the password of the database is hunter2');
          },
        },
      },
    },
  ]),
  open: () => (scope) => ({ scope }),
  models: () => {},
  work: () => [],
});

const origin = { address: '198.51.100.7', userAgent: 'curl/8' };

async function serve({ services, closing }: ServicesFixture) {
  const signer = viewerSigner(services.env.VIEWER_SECRET);
  const server = await serveSubgraph(orders, services, { host: '127.0.0.1', port: 0 });
  closing.push(server);
  const ask = async (query: string, headers: Record<string, string> = {}) => {
    const response = await request(server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [VIEWER_HEADER]: await signer.sign({ viewer: null, origin: null }),
        ...headers,
      },
      body: JSON.stringify({ query }),
    });
    return { status: response.statusCode, text: await response.body.text() };
  };
  const get = async (path: string) => {
    const response = await request(new URL(path, server.url));
    return { status: response.statusCode, text: await response.body.text() };
  };
  const bare = async (headers: Record<string, string>, method: 'GET' | 'POST' = 'POST') => {
    const response = await request(method === 'GET' ? `${server.url}?query={me}` : server.url, {
      method,
      headers,
      ...(method === 'POST' ? { body: '{"query":"{ me }"}' } : {}),
    });
    return { status: response.statusCode, body: await response.body.json() };
  };
  return { ask, get, bare, signer, url: server.url };
}

/** How the server ends a connection that introduces itself so; null where it takes it. */
async function introduced(url: string, payload?: Record<string, unknown>) {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  const ended = new Promise<{ code: number; reason: string } | null>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    socket.on('message', () => resolve(null));
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  const how = await ended;
  socket.terminate();
  return how;
}

describe('a subgraph behind HTTP', () => {
  test('knows who is asking and from where by the signed header, guests included', async ({
    world,
    expect,
  }) => {
    const { ask, signer } = await serve(world);
    const as = async (asking: Asking) =>
      JSON.parse((await ask('{ me from }', { [VIEWER_HEADER]: await signer.sign(asking) })).text);

    expect(await as({ viewer, origin })).toEqual({
      data: { me: 'usr_1', from: '198.51.100.7 curl/8' },
    });
    expect(await as({ viewer: null, origin: null })).toMatchObject({
      data: { me: null, from: null },
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('answers 401 to whoever brings no header, or one that is not the gateway’s or not for it', async ({
    world,
    expect,
  }) => {
    const { bare, url } = await serve(world);
    const { VIEWER_SECRET } = world.services.env;
    const asking = { viewer, origin: null };
    const forger = viewerSigner('another-secret-of-at-least-thirty-two-characters');
    const good = await viewerSigner(VIEWER_SECRET).sign(asking);
    const expired = await signedTokens(VIEWER_SECRET, {
      audience: 'vitrine:subgraph',
      lifetimeSeconds: -1,
    }).sign(asking);
    const bad = [
      undefined,
      '',
      'x',
      `${good}x`,
      expired,
      await forger.sign(asking),
      await accessTokens(VIEWER_SECRET).sign(viewer),
    ];

    for (const header of bad) {
      const given = header === undefined ? {} : { [VIEWER_HEADER]: header };
      const refusal = {
        status: 401,
        body: {
          errors: [{ message: expect.any(String), extensions: { code: 'VIEWER_HEADER_REFUSED' } }],
        },
      };
      expect(await bare({ 'content-type': 'application/json', ...given })).toEqual(refusal);
      expect(await bare(given, 'GET')).toEqual(refusal);
      expect(await introduced(url, given)).toEqual({ code: 4401, reason: 'VIEWER_HEADER_REFUSED' });
    }
    expect(await introduced(url)).toMatchObject({ code: 4401 });
    expect(await introduced(url, { [VIEWER_HEADER]: good })).toBeNull();
  });

  test('hears what languages the client wants', async ({ world, expect }) => {
    const { ask } = await serve(world);

    const { text } = await ask('{ languages }', { 'accept-language': 'de, en;q=0.5' });

    expect(JSON.parse(text).data.languages).toEqual(['de', 'en']);
  });

  test('shows no stack trace of what breaks', async ({ world, expect }) => {
    const { ask } = await serve(world);

    const { text } = await ask('{ broken }');

    expect(text).not.toContain('server.int.test');
    expect(JSON.parse(text).errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
  });

  test('tells that it lives, whether it is ready, and its metrics', async ({ world, expect }) => {
    const { get } = await serve(world);

    expect((await get('/healthz')).status).toBe(200);
    const ready = await get('/readyz');
    expect(JSON.parse(ready.text)).toEqual({
      isReady: true,
      checks: { mongodb: 'ok', redis: 'ok' },
    });
    expect((await get('/metrics')).text).toContain('process_cpu_seconds_total');
  });

  test('is not ready without Redis, and says so', async ({ world, expect }) => {
    const { get } = await serve(world);

    world.services.redis.disconnect();
    const ready = await get('/readyz');

    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.text).checks.mongodb).toBe('ok');
    expect(JSON.parse(ready.text).checks.redis).not.toBe('ok');
  });
});
