import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect, test } from 'vitest';
import { startGateway } from '../src/gateway.ts';
import { runGateway, shapes } from './running-gateway.ts';
import {
  catalogOf,
  compose,
  otherProductId,
  productId,
  type SmallContext,
  shopId,
  shopsOf,
  silent,
} from './small-graph.ts';

const world = () => [catalogOf(), shopsOf()];
const PRODUCTS = '{ products { id title bestOfShop shop { name } } }';
const product = (id: string) => ({
  id,
  title: `Title of ${id}`,
  bestOfShop: true,
  shop: { name: 'Batik House' },
});

describe.for(shapes)('with subgraphs %s', (shape) => {
  test('one query reads fields of all subgraphs', async () => {
    const { post } = await runGateway(world(), { shape });
    const { status, body } = await post({ query: PRODUCTS });
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    expect(body.data).toEqual({ products: [productId, otherProductId].map(product) });
  });

  test('the viewer, the languages, the request id and the origin reach every subgraph', async () => {
    const scopes: SmallContext['scope'][] = [];
    const shops = shopsOf({
      Shop: {
        __resolveReference(ref: object, { scope }: SmallContext) {
          scopes.push(scope);
          return ref;
        },
        name: () => 'Batik House',
      },
    });
    const { post, token } = await runGateway([catalogOf(), shops], { shape });
    const { headers } = await post(
      { query: `{ product(id: "${productId}") { shop { name } } }` },
      {
        authorization: `Bearer ${await token(aViewer({ roles: ['CREATOR'] }))}`,
        'accept-language': 'en;q=0.5, id',
        'x-request-id': 'my-request',
        'user-agent': `browser ${'x'.repeat(300)}`,
      },
    );
    expect(scopes).toMatchObject([
      {
        viewer: aViewer({ roles: ['CREATOR'] }),
        languages: ['id', 'en'],
        requestId: 'my-request',
        origin: { address: '127.0.0.1', userAgent: `browser ${'x'.repeat(248)}` },
      },
    ]);
    expect(headers.get('x-request-id')).toBe('my-request');
  });

  test('a mutation of one subgraph answers with fields of another', async () => {
    const { post } = await runGateway(world(), { shape });
    const { body } = await post({
      query: 'mutation ($id: ID!) { renameProduct(id: $id, title: "New") { title shop { name } } }',
      variables: { id: productId },
    });
    expect(body.errors).toBeUndefined();
    expect(body.data).toEqual({ renameProduct: { title: 'New', shop: { name: 'Batik House' } } });
  });

  test('a node is found by its id', async () => {
    const { post } = await runGateway(world(), { shape });
    const { body } = await post({
      query: `{ node(id: "${otherProductId}") { __typename ... on Product { shop { name } } } }`,
    });
    expect(body.data.node).toEqual({ __typename: 'Product', shop: { name: 'Batik House' } });
  });

  test('what a resolver threw is nowhere in the answer', async () => {
    const shops = shopsOf({
      Query: {
        shop() {
          throw new Error('E11000 duplicate key hunter2');
        },
      },
    });
    const { post } = await runGateway([catalogOf(), shops], { shape });
    const { status, body } = await post(
      { query: '{ shop(id: "1") { name } }' },
      { 'x-request-id': 'req-5' },
    );
    expect(status).toBe(200);
    expect(body.errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['shop'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'req-5', serviceName: 'shops' },
      },
    ]);
  });
});

describe('when subgraphs fail', () => {
  test('a dead subgraph costs its own nullable fields, is named, and heals by itself', async () => {
    const running = await runGateway(world(), { shape: 'over HTTP' });
    const query = '{ products { id title bestOfShop shop { id name } } }';
    await running.post({ query });

    await running.stopSubgraph('shops');
    const { status, body } = await running.post({ query });
    expect(status).toBe(200);
    expect(body.data.products).toEqual(
      [productId, otherProductId].map((id) => ({
        id,
        title: `Title of ${id}`,
        bestOfShop: null,
        shop: null,
      })),
    );
    expect(body.errors[0].extensions).toEqual({
      code: 'SUBGRAPH_UNAVAILABLE',
      serviceName: 'shops',
    });
    const ready = await fetch(`${running.gateway.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      isReady: true,
      subgraphs: {
        catalog: 'ok',
        shops: 'The shops service is not available.',
      },
    });

    await running.startSubgraph('shops');
    const healed = await running.post({ query });
    expect(healed.body.errors).toBeUndefined();
    expect(healed.body.data.products[0].shop).toEqual({ id: shopId, name: 'Batik House' });
  });

  test('a subgraph that hangs is given up, named, and the rest is answered', async () => {
    const hanging = shopsOf({
      Shop: { __resolveReference: (ref: object) => ref, name: () => new Promise(() => {}) },
    });
    const timeouts = { connect: 500, headers: 300, body: 300 };
    const { post } = await runGateway([catalogOf(), hanging], { shape: 'over HTTP', timeouts });
    const { body } = await post({ query: `{ product(id: "${productId}") { id shop { name } } }` });
    expect(body.data).toEqual({ product: { id: productId, shop: null } });
    expect(body.errors[0].extensions).toEqual({ code: 'SUBGRAPH_TIMEOUT', serviceName: 'shops' });
  });

  test('a part of the graph that nobody serves stops the start', async () => {
    await expect(
      startGateway({
        port: 0,
        supergraphSdl: compose(world()),
        subgraphs: { local: [], remote: { shops: 'http://127.0.0.1:1/graphql' } },
        env: readEnv({ NODE_ENV: 'test' }),
        logger: silent,
      }),
    ).rejects.toThrow('catalog');
  });
});

describe('beside the graph', () => {
  test('health, readiness and metrics are told', async () => {
    const { gateway, post } = await runGateway(world(), { shape: 'in process' });
    await post({ query: PRODUCTS });
    const health = await fetch(`${gateway.url}/healthz`);
    expect(await health.json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${gateway.url}/readyz`);
    expect(await ready.json()).toEqual({
      isReady: true,
      checks: { mongodb: 'ok', redis: 'ok' },
      subgraphs: {},
    });
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(
      /vitrine_gateway_operations_total\{type="query",transport="http",outcome="ok"\} [1-9]/,
    );
    expect(metrics).toMatch(/vitrine_gateway_fetches_total\{subgraph="shops",outcome="ok"\} [1-9]/);
    expect(metrics).toContain('process_cpu_user_seconds_total');
  });

  test('each request leaves one log line with its name, outcome and id', async () => {
    const lines: Record<string, unknown>[] = [];
    const logger = openLogger({ LOG_LEVEL: 'info' }, 'gateway', {
      write: (line: string) => void lines.push(JSON.parse(line)),
    });
    const { post } = await runGateway(world(), { shape: 'in process', logger });
    await post({ query: `query Page ${PRODUCTS}` }, { 'x-request-id': 'first' });
    await post('{"query":', { 'x-request-id': 'second' });
    await expect
      .poll(() => lines.filter(({ msg }) => msg === 'operation'))
      .toMatchObject([
        { requestId: 'first', type: 'query', operation: 'Page', outcome: 'ok', transport: 'http' },
        { requestId: 'second', type: 'unknown', outcome: 'error' },
      ]);
  });

  test('pictures are served from their folder and from nowhere else', async () => {
    const { gateway, mediaDir } = await runGateway(world(), { shape: 'in process' });
    await writeFile(join(mediaDir, 'kebaya.svg'), '<svg/>');
    const picture = await fetch(`${gateway.url}/media/kebaya.svg`);
    expect(picture.headers.get('content-type')).toContain('image/svg+xml');
    expect(picture.headers.get('x-content-type-options')).toBe('nosniff');
    expect(picture.headers.get('content-security-policy')).toContain('sandbox');
    expect(await picture.text()).toBe('<svg/>');
    await mkdir(join(mediaDir, '.incoming'));
    await writeFile(join(mediaDir, '.incoming', 'half'), 'half');
    for (const path of ['none.svg', '', '.incoming/half', '..%2f..%2fetc%2fpasswd']) {
      expect([403, 404]).toContain((await fetch(`${gateway.url}/media/${path}`)).status);
    }
  });

  test('GraphiQL comes from this server alone', async () => {
    const { gateway } = await runGateway(world(), { shape: 'in process' });
    const page = await (await fetch(gateway.url)).text();
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
    expect(addresses).not.toHaveLength(0);
    for (const address of addresses.filter((address) => !address?.startsWith('data:'))) {
      expect(address).toMatch(/^\/graphiql\//);
      expect((await fetch(`${gateway.url}${address}`)).status).toBe(200);
    }
    expect(page).not.toMatch(/https?:\/\/(unpkg|cdn)/);
  });
});
