import { expect, test, vi } from 'vitest';
import { guest, silent, small } from '../../test/small-graph.ts';
import { localSource } from './local-source.ts';

const shopsWith = (Query: object, answerMs?: number) => {
  const { name, schema } = small(
    'shops',
    `type Query { shop: String  must: String!  count: Int  many: [String!]  echo(n: Int!): Int }
     type Mutation { open: String }`,
    { Query, Mutation: { open: () => 'opened' } },
  );
  const contexts: object[] = [];
  const contextOf = () => {
    contexts.push({});
    return {};
  };
  const source = localSource({
    name,
    schema,
    contextOf,
    logger: silent,
    ...(answerMs === undefined ? {} : { answerMs }),
  });
  return { source, contexts };
};

const hidden = (path: readonly (string | number)[]) => ({
  message: 'Something went wrong on our side.',
  path,
  extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'test', serviceName: 'shops' },
});

test('what resolvers know at once is answered at once, without a promise', () => {
  const { source } = shopsWith({ shop: () => 'Batik House' });
  expect(source.prepare({ document: '{ shop }' })({}, guest())).toEqual({
    data: { shop: 'Batik House' },
  });
});

test('a document is checked when it is first sent, and only then', () => {
  const { source } = shopsWith({});
  const ask = source.prepare({ document: '{ nothing }' });
  expect(ask({}, guest())).toMatchObject({ errors: [{ extensions: { serviceName: 'shops' } }] });
  expect(source.prepare({ document: 'no GraphQL' })({}, guest())).toMatchObject({
    errors: [{ message: 'Something went wrong on our side.' }],
  });
});

test.for([
  [
    'throws at once',
    () => {
      throw new Error('secret');
    },
  ],
  ['rejects', () => Promise.reject(new Error('secret'))],
  ['throws what is no error', () => Promise.reject('secret')],
] as const)('a resolver that %s costs its own field, and tells nothing', async ([, shop]) => {
  const { source } = shopsWith({ shop, count: () => 3 });
  const answer = await source.fetch({ document: '{ count shop }', variables: {} }, guest());
  expect(answer).toEqual({ data: { count: 3, shop: null }, errors: [hidden(['shop'])] });
});

test('a value of a wrong type is null with an error of its own', async () => {
  const { source } = shopsWith({
    shop: () => ({ not: 'a text' }),
    count: () => 'many',
    many: () => ({ length: 2 }),
  });
  const document = '{ shop count many }';
  expect(await source.fetch({ document, variables: {} }, guest())).toEqual({
    data: { shop: null, count: null, many: null },
    errors: [hidden(['shop']), hidden(['count']), hidden(['many'])],
  });
});

test('nothing where something must be leaves no data', async () => {
  const { source } = shopsWith({ must: () => null });
  expect(await source.fetch({ document: '{ must }', variables: {} }, guest())).toEqual({
    data: null,
    errors: [hidden(['must'])],
  });
});

test('a resolver that never settles is given up in time, and named', async () => {
  const { source } = shopsWith({ shop: () => new Promise(() => {}) }, 20);
  const answer = await source.fetch({ document: '{ shop }', variables: {} }, guest());
  expect(answer.errors).toEqual([
    {
      message: 'The shops service did not answer in time.',
      extensions: { code: 'SUBGRAPH_TIMEOUT', serviceName: 'shops' },
    },
  ]);
});

test("the operation's deadline ends a fetch before the subgraph's own limit does", async () => {
  const { source } = shopsWith({ shop: () => new Promise(() => {}) }, 60_000);
  const scope = { ...guest(), deadline: Date.now() + 20 };
  const { errors } = await source.fetch({ document: '{ shop }', variables: {} }, scope);
  expect(errors?.[0]?.extensions?.['code']).toBe('SUBGRAPH_TIMEOUT');
});

test('nothing is begun for an operation whose deadline has passed', async () => {
  const shop = vi.fn(() => 'x');
  const { source } = shopsWith({ shop });
  const scope = { ...guest(), deadline: Date.now() - 1 };
  const { errors } = await source.fetch({ document: '{ shop }', variables: {} }, scope);
  expect(errors?.[0]?.extensions?.['code']).toBe('SUBGRAPH_TIMEOUT');
  expect(shop).not.toHaveBeenCalled();
});

test('variables that do not fit are the caller’s mistake, in words of the document', async () => {
  const { source } = shopsWith({ echo: (_root: unknown, { n }: { n: number }) => n });
  const document = 'query ($n: Int!) { echo(n: $n) }';
  const answer = await source.fetch({ document, variables: { n: 'x' } }, guest());
  expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(await source.fetch({ document, variables: { n: 4 } }, guest())).toEqual({
    data: { echo: 4 },
  });
});

test('queries of one operation share a context, and a mutation has its own', async () => {
  const { source, contexts } = shopsWith({ shop: () => 'x', count: () => 1 });
  const scope = guest();
  await source.fetch({ document: '{ shop }', variables: {} }, scope);
  await source.fetch({ document: '{ count }', variables: {} }, scope);
  expect(contexts).toHaveLength(1);
  await source.fetch({ document: 'mutation { open }', variables: {} }, scope);
  expect(contexts).toHaveLength(2);
});
