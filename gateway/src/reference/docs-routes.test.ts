import { openLogger } from '@vitrine/platform/logger';
import type { FastifyInstance } from 'fastify';
import { buildSchema } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { openFastify } from '../transports/fastify.ts';
import { docsRoutes } from './docs-routes.ts';
import { shopExample, smallSource } from './small-reference.fixture.ts';

let app: FastifyInstance;
let source = smallSource;
beforeAll(async () => {
  app = await openFastify(openLogger({ LOG_LEVEL: 'silent' }, 'test'), {
    corsOrigins: [],
    trustedProxies: [],
  });
  docsRoutes(app, {
    audiences: ['public', 'seller'],
    graphOf: () => source,
    examples: [shopExample],
  });
  await app.ready();
});

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

test('a page is HTML that may load nothing but its own style and script', async () => {
  const { statusCode, headers, body } = await get('/docs/type/Shop');

  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self'/);
  expect(headers['content-security-policy']).not.toContain('unsafe');
  expect(body).toMatch(/^<!doctype html>/);
  for (const [, url = ''] of body.matchAll(/(?:href|src)="(\/docs\/assets[^"]+)"/g)) {
    const asset = await get(url);
    expect(asset.statusCode).toBe(200);
    expect(asset.headers['cache-control']).toContain('immutable');
  }
});

test('a browser that has a page hears that it has not changed, until it has', async () => {
  const { headers } = await get('/docs');
  const etag = String(headers.etag);

  const again = await get('/docs', { 'if-none-match': `"other", W/${etag}` });
  expect(again.statusCode).toBe(304);
  expect(again.body).toBe('');

  source = { ...smallSource, schema: buildSchema('type Query { mood: String }') };
  expect((await get('/docs', { 'if-none-match': etag })).statusCode).toBe(200);
  source = smallSource;
});

test('the script and who has none find the same', async () => {
  const entries = (await get('/docs/search.json')).json();

  expect(entries).toContainEqual({
    name: 'openShop',
    kind: 'mutation',
    url: '/docs/mutation/openShop',
    text: 'Opens a shop.',
  });
  expect((await get('/docs/search?q=openshop')).body).toContain('href="/docs/mutation/openShop"');
  expect((await get('/docs/search?q=openshop&audience=seller')).body).toContain(
    'href="/docs/mutation/openShop?audience=seller"',
  );
});

test.for(['/docs/type/Nope', '/docs/assets/nope.css', '/docs/../package.json'])(
  '%s is not there',
  async (url) => {
    expect((await get(url)).statusCode).toBe(404);
  },
);

test.for([
  '/docs?audience=nobody',
  '/docs?audience=seller&audience=public',
  `/docs/search?q=${'x'.repeat(201)}`,
])('a request that makes no sense is refused: %s', async (url) => {
  const { statusCode, body } = await get(url);

  expect(statusCode).toBe(400);
  expect(JSON.parse(body).errors[0].extensions.code).toBe('BAD_REQUEST');
});
