import { buildSubgraphSchema } from '@apollo/subgraph';
import fc from 'fast-check';
import {
  buildSchema,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { generateDocument } from '../../../test/generated-documents.ts';
import { generateResolvers, numberOf } from '../../../test/generated-resolvers.ts';
import { compileOperation } from './compile-operation.ts';

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query {
    product(id: ID!): Product
    products(first: Int = 3): [Product!]!
    shops: [Shop]
    search: [Found!]
    node: Node
    board: [[Node]!]
    must: Product!
    filtered(filter: Filter = { text: "any" }, sort: Sort = NEW): String
  }
  type Mutation { first: Product second: Shop! third: Int }
  input Filter { text: String! limit: Int = 10 tags: [String!] }
  enum Sort { NEW OLD }
  interface Node { id: ID! }
  union Found = Product | Shop
  type Product implements Node @key(fields: "id") {
    id: ID! title: String! sort: Sort price: Money! shop: Shop related: [Product!] tags: [String!]!
    stock: Int
  }
  type Money { amount: Int! currency: String }
  type Shop implements Node @key(fields: "id") { id: ID! name: String products: [Product]! best: Found }
`;

function schemaWith(seed: number, trouble: number): GraphQLSchema {
  const schema = buildSubgraphSchema({ typeDefs: parse(SDL) });
  generateResolvers(schema, seed, trouble);
  return schema;
}

const literalOf = (type: string) => (type === 'ID!' ? '"p1"' : null);

/** What may not differ: the data, and where which error happened. */
const told = ({ data, errors }: ExecutionResult) => ({
  data,
  errors: (errors ?? [])
    .map(({ path, message }) => `${path?.join('.')}: ${worded(message)}`)
    .sort(),
});

/** Values that do not fit are described in words of our own. */
const worded = (message: string): string =>
  /^(Abstract|Runtime|Expected|The _entities|There are no)/.test(message)
    ? 'of a wrong type'
    : message;

async function both(
  schema: GraphQLSchema,
  text: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<void> {
  const document = parse(text, { noLocation: true });
  expect(validate(schema, document)).toEqual([]);
  const compiled = compileOperation(schema, document, undefined);
  const expected = told(
    await execute({ schema, document, variableValues: variables, contextValue: {} }),
  );
  expect(told(await compiled({}, variables))).toEqual(expected);
  // The second run has everything at hand that the first had to look up.
  expect(told(await compiled({}, variables))).toEqual(expected);
}

test('any document is answered as graphql-js answers it, whatever its resolvers do', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0 }),
      fc.integer({ min: 0 }),
      fc.constantFrom(0, 5, 30),
      fc.constantFrom('query' as const, 'mutation' as const),
      fc.boolean(),
      async (seed, documentSeed, trouble, kind, no) => {
        const schema = schemaWith(seed, trouble);
        const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
        if (!root) throw new Error(`no ${kind}`);
        const selection = generateDocument(schema, root, documentSeed, literalOf);
        await both(schema, `${kind} ${selection}`, { no });
      },
    ),
    { numRuns: 300 },
  );
});

test('entities of any kind and order are answered as graphql-js answers them', async () => {
  const text = `query ($representations: [_Any!]!, $no: Boolean!) {
    _entities(representations: $representations) {
      __typename
      ... on Product @skip(if: $no) { title price { amount } shop { id name } }
      ... on Shop { name best { ... on Product { id } } }
    }
  }`;
  const representation = fc.record({
    __typename: fc.constantFrom('Product', 'Shop', 'Product', 'Money', 'Nothing'),
    id: fc.string({ maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0 }),
      fc.constantFrom(0, 20),
      fc.array(representation, { maxLength: 5 }),
      fc.boolean(),
      async (seed, trouble, representations, no) => {
        const schema = schemaWith(seed, trouble);
        for (const name of ['Product', 'Shop']) {
          const type = schema.getType(name);
          if (!type) throw new Error(name);
          type.extensions = {
            apollo: { subgraph: { resolveReference: referenceOf(seed, trouble) } },
          };
        }
        // The original would leave rejections beside a name of no type unheard.
        const known = representations.filter(
          ({ __typename }) => trouble === 0 || __typename !== 'Nothing',
        );
        await both(schema, text, { representations: known, no });
      },
    ),
    { numRuns: 200 },
  );
});

const referenceOf =
  (seed: number, trouble: number) =>
  ({ id }: { readonly id: string }): unknown => {
    const luck = numberOf(seed, id, 100);
    if (luck >= trouble) return luck % 2 === 0 ? { at: id } : Promise.resolve({ at: id });
    const kind = luck % 6;
    if (kind === 0) return null;
    if (kind === 1) return Promise.resolve(undefined);
    if (kind === 2) return Promise.reject(new Error(`rejected ${id}`));
    if (kind === 3) return Object.freeze({ at: id });
    return kind === 4 ? { at: id, __typename: 'Shop' } : 'no object';
  };

describe('variables and arguments', () => {
  const schema = buildSchema(`
    type Query {
      echo(id: ID, limit: Int! = 7, sort: Sort = OLD, filter: Filter, tags: [String!]): String
      strict(id: ID!): String
      bare(limit: Int!): String
    }
    enum Sort { NEW OLD }
    input Filter { text: String! limit: Int = 3 }
  `);
  const fields = schema.getQueryType()?.getFields() ?? {};
  for (const name of ['echo', 'strict']) {
    const field = fields[name];
    if (field) field.resolve = (_root, args) => JSON.stringify(args);
  }

  test.for([
    ['{ echo }', {}],
    ['{ echo(id: 5, limit: 1, sort: NEW, tags: ["a"], filter: { text: "t" }) }', {}],
    ['{ echo(id: null, tags: "one") }', {}],
    ['query ($id: ID) { echo(id: $id) }', {}],
    ['query ($id: ID) { echo(id: $id) }', { id: null }],
    ['query ($id: ID) { echo(id: $id) }', { id: 12 }],
    ['query ($id: ID) { echo(id: $id) }', { id: {} }],
    ['query ($id: ID = "d") { strict(id: $id) }', {}],
    ['query ($id: ID = "d") { strict(id: $id) }', { id: null }],
    ['query ($limit: Int = 2) { bare(limit: $limit) }', { limit: null }],
    ['query ($limit: Int) { echo(limit: $limit) }', {}],
    ['query ($limit: Int!) { echo(limit: $limit) }', {}],
    ['query ($limit: Int!) { echo(limit: $limit) }', { limit: '4' }],
    ['query ($sort: Sort) { echo(sort: $sort) }', { sort: 'NEW' }],
    ['query ($sort: Sort) { echo(sort: $sort) }', { sort: 'NEVER' }],
    ['query ($filter: Filter) { echo(filter: $filter) }', { filter: { text: 'x' } }],
    ['query ($filter: Filter) { echo(filter: $filter) }', { filter: { text: null, odd: 1 } }],
    ['query ($text: String!) { echo(filter: { text: $text }) }', { text: 'inside' }],
    ['query ($tags: [String!]) { echo(tags: $tags) }', { tags: 'single' }],
    ['query ($tags: [String!]) { echo(tags: $tags) }', { tags: ['a', 'b'] }],
    ['query ($tags: [String!]) { echo(tags: $tags) }', { tags: ['a', null] }],
  ] as const)('%s with %o reads as graphql-js reads it', async ([text, variables]) => {
    await both(schema, text, variables);
  });
});

test('an alias may have any name, even that of a prototype', async () => {
  const schema = buildSchema('type Query { a: String }');
  const field = schema.getQueryType()?.getFields()['a'];
  if (field) field.resolve = () => 'x';
  const compiled = compileOperation(schema, parse('{ __proto__: a constructor: a }'), undefined);
  const { data } = await compiled({}, {});
  expect(JSON.stringify(data)).toBe('{"__proto__":"x","constructor":"x"}');
});

test('a list given up at one item leaves no rejection of another unheard', async () => {
  const schema = buildSchema('type Query { all: [String!] }');
  const field = schema.getQueryType()?.getFields()['all'];
  if (field) {
    field.resolve = () => [Promise.reject(new Error('before')), null, Promise.reject(new Error())];
  }
  const unheard: unknown[] = [];
  const listen = (error: unknown) => unheard.push(error);
  process.on('unhandledRejection', listen);
  const { data, errors } = await compileOperation(schema, parse('{ all }'), undefined)({}, {});
  await new Promise(setImmediate);
  process.off('unhandledRejection', listen);

  expect(data).toEqual({ all: null });
  expect(errors?.map(({ path }) => path)).toEqual([['all', 1]]);
  expect(unheard).toEqual([]);
});

test('a reference resolver that throws fails all entities, and leaves nothing unheard', async () => {
  const schema = schemaWith(1, 0);
  const type = schema.getType('Product');
  const resolveReference = ({ id }: { readonly id: string }) => {
    if (id === 'throws') throw new Error('out of order');
    return Promise.reject(new Error('unheard'));
  };
  if (type) type.extensions = { apollo: { subgraph: { resolveReference } } };
  const text = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { id } } }';
  const r = ['rejects', 'throws'].map((id) => ({ __typename: 'Product', id }));
  const { data, errors } = await compileOperation(schema, parse(text), undefined)({}, { r });
  expect(data).toBeNull();
  expect(errors?.map(({ message }) => message)).toEqual(['out of order']);
});
