import { describe, expect, test } from 'vitest';
import { hashOf } from '../src/execution/operations.ts';
import { type RunningGateway, runGateway } from './running-gateway.ts';
import { catalogOf, shopsOf } from './small-graph.ts';

const world = () => [catalogOf(), shopsOf()];
const PRODUCTS = '{ products { id shop { name } } }';
const cost = async ({ post }: RunningGateway, query = PRODUCTS) =>
  (await post({ query })).body.extensions.cost;

describe('what an operation costs', () => {
  test('is told with its answer, and what was not used is given back', async () => {
    const running = await runGateway(world(), {
      shape: 'in process',
      env: { QUOTAS: { guest: { maximum: 1_000, restoreRate: 1 } } },
    });
    const { requested, actual, throttle } = await cost(running);
    // Two products with a shop each; the list is reckoned longer before it is known.
    expect(actual).toBe(4);
    expect(requested).toBeGreaterThan(actual);
    expect(throttle).toMatchObject({ maximum: 1_000, restoreRate: 1 });
    expect(throttle.available).toBeGreaterThanOrEqual(996);
  });

  test('is refused with 429 and when to come back where nothing is left', async () => {
    const running = await runGateway(world(), {
      shape: 'in process',
      env: { QUOTAS: { guest: { maximum: 60, restoreRate: 1 } } },
    });
    const answers = [];
    for (let count = 0; count < 40; count += 1)
      answers.push(await running.post({ query: PRODUCTS }));
    const refused = answers.find(({ status }) => status === 429);
    expect(answers[0]?.status).toBe(200);
    expect(refused?.body.errors[0].extensions.code).toBe('THROTTLED');
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused?.headers.get('ratelimit-policy')).toBe('"guest";q=60;qu="cost";w=60');
    expect(refused?.headers.get('ratelimit')).toMatch(/^"guest";r=\d+;t=\d+$/);
  });

  test('counts for documents that are refused once read, too', async () => {
    const running = await runGateway(world(), {
      shape: 'in process',
      env: { QUOTAS: { guest: { maximum: 60, restoreRate: 1 } } },
    });
    await cost(running);
    const codes = [];
    for (let count = 0; count < 6; count += 1) {
      codes.push(
        (await running.post({ query: `{ nope${count} }` })).body.errors[0].extensions.code,
      );
    }
    expect(codes[0]).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(codes.at(-1)).toBe('THROTTLED');
  });
});

describe('documents by hash', () => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(PRODUCTS) } };

  test('a hash that nobody knows is asked for with its text, once', async () => {
    const { post } = await runGateway(world(), { shape: 'in process' });
    const query = `${PRODUCTS} # ${Math.random()}`;
    const named = { persistedQuery: { version: 1, sha256Hash: hashOf(query) } };
    const first = await post({ extensions: named });
    expect(first.body.errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await post({ query, extensions: named })).body.errors).toBeUndefined();
    expect((await post({ extensions: named })).body.data.products).toHaveLength(2);
  });

  test('where only trusted documents are wanted, no other is carried out', async () => {
    const trusted = `query Products ${PRODUCTS}`;
    const { post } = await runGateway(world(), {
      shape: 'in process',
      env: { TRUSTED_DOCUMENTS: 'only' },
      manifest: {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id: hashOf(trusted), name: 'Products', type: 'query', body: trusted }],
      },
    });
    const byId = await post({ documentId: `sha256:${hashOf(trusted)}` });
    expect(byId.body.data.products).toHaveLength(2);
    const other = await post({ query: PRODUCTS, extensions });
    expect(other.body.data).toBeUndefined();
    expect(other.body.errors[0].extensions.code).toMatch(/TRUSTED/);
  });
});
