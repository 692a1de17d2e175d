import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { runGateway } from './running-gateway.ts';
import { catalogOf, shopsOf, socialOf } from './small-graph.ts';

const world = () => [catalogOf(), shopsOf(), socialOf(() => null)];
const PRODUCTS = '{ products { id title bestOfShop shop { name } } }';

describe('bad requests', () => {
  const refused = async (body: unknown, headers?: Record<string, string>) => {
    const { post } = await runGateway(world(), { shape: 'in process' });
    const accept = 'application/graphql-response+json';
    const { status, body: answer, headers: given } = await post(body, { accept, ...headers });
    expect(Object.keys(answer)).toEqual(['errors']);
    expect(JSON.stringify(answer)).not.toMatch(/stack|node_modules|\.ts:/);
    expect(given.get('x-request-id')).toMatch(/^[\w.-]{1,64}$/);
    return `${status} ${answer.errors[0].extensions.code}`;
  };

  test.for([
    ['malformed JSON', '{"query":', '400 MALFORMED_JSON'],
    ['an empty body', '', '400 MALFORMED_JSON'],
    ['a prototype in JSON', '{"query":"{__typename}","__proto__":{}}', '400 MALFORMED_JSON'],
    ['JSON without a query', { nope: 1 }, '400 BAD_REQUEST'],
    ['a batch', [{ query: PRODUCTS }], '400 BAD_REQUEST'],
    ['malformed GraphQL', { query: '{ products {' }, '400 GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nope }' }, '400 GRAPHQL_VALIDATION_FAILED'],
    [
      'an undeclared variable',
      { query: '{ product(id: $id) { id } }' },
      '400 GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a variable that nobody declares',
      { query: '{ products { id } }', variables: { nope: 1 } },
      '400 UNKNOWN_VARIABLE',
    ],
    [
      'the same field a hundred times',
      { query: `{ ${Array.from({ length: 100 }, (_, i) => `a${i}: products { id }`).join(' ')} }` },
      '400 TOO_MANY_ROOT_FIELDS',
    ],
    [
      'a missing variable',
      { query: 'query ($id: ID!) { product(id: $id) { id } }' },
      '400 BAD_USER_INPUT',
    ],
    [
      'an unknown operation',
      { query: PRODUCTS, operationName: 'X' },
      '400 OPERATION_RESOLUTION_FAILURE',
    ],
    ['a document without end', { query: `{ ${'a '.repeat(6_000)} }` }, '400 TOO_MANY_TOKENS'],
    ['a body over a megabyte', { query: '#'.repeat(1_100_000) }, '413 REQUEST_TOO_LARGE'],
    [
      'a subscription without a stream',
      { query: 'subscription { roomEvents(roomId: "1") { text } }' },
      '400 SUBSCRIPTION_NEEDS_STREAM',
    ],
  ] as const)('%s is refused with its own code', async ([, body, expected]) => {
    expect(await refused(body)).toBe(expected);
  });

  test.for([
    ['forged', 'Bearer a.b.c'],
    ['of another scheme', 'Basic dXNlcjpwYXNz'],
  ])('a token that is %s is no guest', async ([, authorization]) => {
    expect(await refused({ query: PRODUCTS }, { authorization: authorization ?? '' })).toBe(
      '401 UNAUTHENTICATED',
    );
  });

  test('a form of a foreign page is not let in', async () => {
    const type = { 'content-type': 'text/plain' };
    expect(await refused(JSON.stringify({ query: PRODUCTS }), type)).toBe(
      '415 UNSUPPORTED_MEDIA_TYPE',
    );
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await refused('query=x', form)).toBe('415 UNSUPPORTED_MEDIA_TYPE');
  });

  test('a picture or script of a foreign page is not let in, and its CORS request is', async () => {
    const { gateway } = await runGateway(world(), { shape: 'in process' });
    const asked = async (mode: string) => {
      const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode };
      // Not by `fetch`, which writes these headers itself.
      return (await request(`${gateway.url}/graphql?query=%7B__typename%7D`, { headers }))
        .statusCode;
    };
    expect(await asked('no-cors')).toBe(403);
    expect(await asked('cors')).toBe(200);
  });

  test('a client that accepts nothing we speak is told what we speak', async () => {
    expect(await refused({ query: PRODUCTS }, { accept: 'text/html' })).toBe('406 NOT_ACCEPTABLE');
  });

  test('a mutation by GET is refused', async () => {
    const { gateway } = await runGateway(world(), { shape: 'in process' });
    const query = 'mutation { renameProduct(id: "1", title: "x") { id } }';
    const answer = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`);
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });

  test.for(['PUT', 'PATCH', 'DELETE'])('%s is refused and told what is allowed', async (method) => {
    const { gateway } = await runGateway(world(), { shape: 'in process' });
    const answer = await fetch(`${gateway.url}/graphql`, { method, body: 'anything' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, POST');
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }],
    });
  });

  test('a request id that is none is replaced', async () => {
    const { post } = await runGateway(world(), { shape: 'in process' });
    const { headers } = await post({ query: PRODUCTS }, { 'x-request-id': 'a b"c' });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
