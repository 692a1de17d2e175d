import { describe, expect, test } from 'vitest';
import { type RunningGateway, runGateway, shapes } from './running-gateway.ts';
import { catalogOf, productId, shopsOf } from './small-graph.ts';

const query = `query ($id: ID!) {
  product(id: $id) { title ... @defer(label: "shop") { shop { name } } }
}`;
const variables = { id: productId };
const whole = { product: { title: `Title of ${productId}`, shop: { name: 'Batik House' } } };
const DEFER = 'multipart/mixed;deferSpec=20220824, application/json';

/** The JSON of every part, as it came. */
async function parts({ gateway }: RunningGateway): Promise<{ type: string; payloads: unknown[] }> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: DEFER },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  expect(text.trimEnd().endsWith('--graphql--')).toBe(true);
  const payloads = text
    .split('--graphql')
    .flatMap((part) => part.split('\r\n\r\n')[1] ?? [])
    .map((json) => JSON.parse(json));
  return { type: response.headers.get('content-type') ?? '', payloads };
}

describe.for(shapes)('with subgraphs %s', (shape) => {
  test('what is deferred comes in a part of its own, at its place', async () => {
    const running = await runGateway([catalogOf(), shopsOf()], { shape });
    const { type, payloads } = await parts(running);
    expect(type).toContain('multipart/mixed');
    expect(payloads).toMatchObject([
      { data: { product: { title: whole.product.title } }, hasNext: true },
      {
        incremental: [{ path: ['product'], label: 'shop', data: { shop: whole.product.shop } }],
        hasNext: false,
      },
    ]);
  });

  test('a client that takes one answer gets all at once', async () => {
    const { post } = await runGateway([catalogOf(), shopsOf()], { shape });
    expect((await post({ query, variables })).body.data).toEqual(whole);
  });
});

test('the first part is there while the deferred subgraph still works', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const slow = shopsOf({
    Shop: { __resolveReference: (ref: object) => ref, name: () => promise },
  });
  const { gateway } = await runGateway([catalogOf(), slow], { shape: 'in process' });
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: DEFER },
    body: JSON.stringify({ query, variables }),
  });
  const decoder = new TextDecoder();
  let text = '';
  let hasFirst = false;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (!hasFirst && text.includes('"hasNext":true')) {
      hasFirst = true;
      expect(text).not.toContain('incremental');
      resolve('Batik House');
    }
  }
  expect(hasFirst).toBe(true);
  expect(text).toContain('"incremental"');
});
