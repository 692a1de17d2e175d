import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { request } from 'undici';
import { describe } from 'vitest';
import { serveSubgraph } from './server.ts';
import { type ServicesFixture, test } from './services.fixture.ts';
import { defineSubgraph, type RequestScope } from './subgraph.ts';
import { requireViewer, VIEWER_HEADER, type Viewer, viewerSigner } from './viewer.ts';

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
      typeDefs: parse('type Query { me: String languages: [String!] broken: String }'),
      resolvers: {
        Query: {
          me: (_: unknown, __: unknown, { scope }: { scope: RequestScope }) =>
            requireViewer(scope.viewer).userId,
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

async function serve({ services, closing }: ServicesFixture) {
  const server = await serveSubgraph(orders, services, { host: '127.0.0.1', port: 0 });
  closing.push(server);
  const ask = async (query: string, headers: Record<string, string> = {}) => {
    const response = await request(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    return { status: response.statusCode, text: await response.body.text() };
  };
  const get = async (path: string) => {
    const response = await request(new URL(path, server.url));
    return { status: response.statusCode, text: await response.body.text() };
  };
  return { ask, get };
}

describe('a subgraph behind HTTP', () => {
  test('believes the signed viewer header and nothing else', async ({ world, expect }) => {
    const { ask } = await serve(world);
    const signer = viewerSigner(world.services.env.VIEWER_SECRET);
    const forger = viewerSigner('another-secret-of-at-least-thirty-two-characters');

    const signed = await ask('{ me }', { [VIEWER_HEADER]: await signer.sign(viewer) });
    expect(JSON.parse(signed.text)).toEqual({ data: { me: 'usr_1' } });

    const forged = await ask('{ me }', { [VIEWER_HEADER]: await forger.sign(viewer) });
    expect(forged.text).toContain('UNAUTHENTICATED');
    expect(forged.text).not.toContain('usr_1');

    const guest = await ask('{ me }');
    expect(guest.text).toContain('UNAUTHENTICATED');
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
