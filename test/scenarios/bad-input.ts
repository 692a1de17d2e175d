import { randomUUID } from 'node:crypto';
import type { Data } from '@vitrine/graph-client/graph-client';
import { request } from 'undici';
import { expect } from 'vitest';
import type { TestPlatform } from '../platform.ts';
import {
  placeOrder,
  placeOrderUntilDone,
  readyToBuy,
  setStock,
  somethingOnSale,
} from './shopping.ts';

interface Answer {
  readonly status: number;
  readonly body: Data;
}

async function post(
  url: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.statusCode, body: (await response.body.json()) as Data };
}

/** What every refusal has in common: its own code, no stack, no 500. */
function expectRefusal({ status, body }: Answer, code: string): void {
  expect(status).toBeLessThan(500);
  expect(body['errors']?.[0]?.extensions?.code).toBe(code);
  expect(JSON.stringify(body)).not.toMatch(/stacktrace|node_modules|\.ts:\d/);
}

/** Requests that are no valid operations. */
export async function malformedRequests({ running }: TestPlatform): Promise<void> {
  const { url } = running;
  const query = (source: string, variables: Data = {}) =>
    post(url, JSON.stringify({ query: source, variables }));

  expectRefusal(await post(url, '{"query": "{ markets'), 'MALFORMED_JSON');
  expectRefusal(await query('{ markets {'), 'GRAPHQL_PARSE_FAILED');
  expectRefusal(await query('{ nonsense }'), 'GRAPHQL_VALIDATION_FAILED');
  expectRefusal(await query('query ($id: ID!) { node(id: $id) { id } }'), 'BAD_USER_INPUT');
  expectRefusal(
    await query('query ($m: MarketCode!) { liveRooms(market: $m) { nodes { id } } }', {
      m: 'Mars',
    }),
    'BAD_USER_INPUT',
  );
  expectRefusal(
    await query('{ products(market: "GB", first: 101) { nodes { id } } }'),
    'PAGE_SIZE_INVALID',
  );
  expectRefusal(
    await query('{ products(market: "XX", first: 1) { nodes { id } } }'),
    'UNKNOWN_MARKET',
  );
}

/** Tokens that nobody issued, or long ago. */
export async function badTokens({ running }: TestPlatform): Promise<void> {
  const body = JSON.stringify({ query: '{ viewer { id } }' });
  for (const token of [
    'nonsense',
    'a.b.c',
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`,
  ]) {
    const answer = await post(running.url, body, { authorization: `Bearer ${token}` });
    expectRefusal(answer, 'UNAUTHENTICATED');
    expect(answer.status).toBe(401);
  }
}

const errors = 'userErrors { __typename ... on UserError { code path } }';

/** Mutations that must change nothing, each with its own code. */
export async function refusedMutations(test: TestPlatform): Promise<void> {
  const [first, second] = test.world.buyers.filter(({ market }) => market === 'GB');
  const buyer = await test.as(first?.userId ?? '');
  const other = await test.as(second?.userId ?? '');
  const goods = somethingOnSale(test);
  const room = test.world.rooms[0];
  await setStock(test, goods, 5);

  const comment = (text: string) =>
    buyer.run(
      `mutation ($input: PostCommentInput!) { postComment(input: $input) { comment { id } ${errors} } }`,
      {
        input: { subjectId: room?.roomId, text, idempotencyKey: randomUUID() },
      },
    );
  for (const text of ['x'.repeat(10_000), 'a\u0000b', '']) {
    const { postComment } = await comment(text);
    expect(postComment.comment).toBeNull();
    expect(postComment.userErrors[0]).toMatchObject({ __typename: 'InvalidInputError' });
  }

  const input = await readyToBuy(buyer, goods);
  const theirs = await placeOrder(other, { ...input, idempotencyKey: randomUUID() });
  expect(theirs['userErrors'].map(({ code }: Data) => code)).toContain('NOT_FOUND');
  for (const amount of ['-1', '1.999']) {
    const refused = await placeOrder(buyer, {
      ...input,
      idempotencyKey: randomUUID(),
      expectedTotal: { ...input['expectedTotal'], amount },
    });
    expect(refused['orders']).toEqual([]);
    expect(refused['userErrors'][0].__typename).toBe('InvalidInputError');
  }

  const done = await placeOrderUntilDone(buyer, input);
  expect(done['orders']).toHaveLength(1);
  const reused = await placeOrder(buyer, { ...input, paymentMethodId: 'pm_sandbox_declined' });
  expect(reused['userErrors'].map(({ code }: Data) => code)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  expect(reused['orders']).toEqual([]);

  const edit = `mutation ($input: EditProductInput!) { editProduct(input: $input) { product { id } ${errors} } }`;
  const stranger = await buyer.send(edit, {
    input: { productId: goods.product.productId, expectedVersion: 1 },
  });
  expect(stranger.status).toBeLessThan(500);
  expect(
    stranger.errors[0]?.extensions?.code ?? stranger.data?.['editProduct'].userErrors[0].code,
  ).toMatch(/FORBIDDEN|NOT_FOUND/);
}
