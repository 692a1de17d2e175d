import { expect, test } from 'vitest';
import { catalogOf, engineOver, guest, shopsOf, small } from '../../test/small-graph.ts';

const { engine, read } = engineOver([catalogOf(), shopsOf()]);

const EXPLAIN = `query ($document: String!, $operationName: String, $variables: String) {
  explainCost(document: $document, operationName: $operationName, variables: $variables) {
    requested
    maximum
    isAllowed
    fields { coordinate count cost }
    exceededLimits { code limit actual }
    userErrors {
      __typename
      ... on UserError { code message path retryable }
      ... on InvalidDocumentError { line column }
    }
  }
}`;

async function explain(document: string, more: object = {}) {
  const { data, errors } = await engine.execute({
    operation: read(EXPLAIN),
    variables: { document, ...more },
    scope: guest(),
  });
  expect(errors).toBeUndefined();
  // Loose: each test says what it expects of it.
  return data?.['explainCost'] as Record<string, unknown>;
}

test('the cost of an operation is told with where it comes from, and nothing is carried out', async () => {
  let asked = 0;
  const counted = () => {
    asked += 1;
  };
  const { engine: watched, read: readWatched } = engineOver([
    catalogOf({ Query: { products: counted, product: counted } }),
    shopsOf(),
  ]);
  const document = 'query ($id: ID!) { product(id: $id) { title shop { name } } products { id } }';
  const { data } = await watched.execute({
    operation: readWatched(EXPLAIN),
    variables: { document, variables: '{"id":"prd_1"}' },
    scope: guest(),
  });
  expect(data?.['explainCost']).toEqual({
    requested: 12,
    maximum: 10_000,
    isAllowed: true,
    fields: [
      { coordinate: 'Query.products', count: 10, cost: 10 },
      { coordinate: 'Product.shop', count: 1, cost: 1 },
      { coordinate: 'Query.product', count: 1, cost: 1 },
    ],
    exceededLimits: [],
    userErrors: [],
  });
  expect(asked).toBe(0);
});

test('variables may be left out, and one of several operations is chosen by name', async () => {
  const document =
    'query A ($id: ID!) { product(id: $id) { id } } mutation B { renameProduct(id: 1, title: "a") { id } }';
  expect(await explain(document, { operationName: 'A' })).toMatchObject({ requested: 1 });
  expect(await explain(document, { operationName: 'B' })).toMatchObject({ requested: 11 });
});

test('every limit that is exceeded is told', async () => {
  const fields = Array.from({ length: 101 }, (_, index) => `a${index}: product(id: "1") { id }`);
  expect(await explain(`{ ${fields.join(' ')} }`)).toMatchObject({
    requested: null,
    isAllowed: false,
    exceededLimits: [
      { code: 'TOO_MANY_ROOT_FIELDS', limit: 50, actual: 101 },
      { code: 'TOO_MANY_ALIASES', limit: 100, actual: 101 },
    ],
    userErrors: [],
  });
});

test('an operation that costs too much is told with its cost', async () => {
  const things = small(
    'discovery',
    'type Query { things: [Thing!]! } type Thing { others: [Thing!]! }',
    {},
  );
  const { engine: over, read: readOver } = engineOver([things]);
  const document = '{ things { others { others { others { __typename } } } } }';
  const { data } = await over.execute({
    operation: readOver(EXPLAIN),
    variables: { document },
    scope: guest(),
  });
  expect(data?.['explainCost']).toMatchObject({
    requested: 11_110,
    isAllowed: false,
    fields: [
      { coordinate: 'Thing.others', count: 11_100, cost: 11_100 },
      { coordinate: 'Query.things', count: 10, cost: 10 },
    ],
    exceededLimits: [{ code: 'COST_TOO_HIGH', limit: 10_000, actual: 11_110 }],
  });
});

test.for([
  ['is no GraphQL', '{ product(', 'GRAPHQL_PARSE_FAILED', 1, 11],
  ['does not fit the graph', '{\n  nope }', 'GRAPHQL_VALIDATION_FAILED', 2, 3],
  [
    'does not say which operation',
    'query A { __typename } query B { __typename }',
    'OPERATION_RESOLUTION_FAILURE',
    null,
    null,
  ],
] as const)('a document that %s is refused as data', async ([, document, code, line, column]) => {
  expect(await explain(document)).toMatchObject({
    requested: null,
    isAllowed: false,
    fields: [],
    userErrors: [
      {
        __typename: 'InvalidDocumentError',
        code,
        path: ['document'],
        retryable: false,
        line,
        column,
      },
    ],
  });
});

test.for([
  ['no JSON', '{', 'VARIABLES_NOT_JSON'],
  ['no object', '[1]', 'VARIABLES_NOT_JSON'],
  ['null', 'null', 'VARIABLES_NOT_JSON'],
  ['of another type', '{"id":{}}', 'BAD_USER_INPUT'],
  ['not declared', '{"id":"1","x":1}', 'UNKNOWN_VARIABLE'],
] as const)('variables that are %s are refused as data', async ([, variables, code]) => {
  expect(
    await explain('query ($id: ID!) { product(id: $id) { id } }', { variables }),
  ).toMatchObject({
    requested: null,
    userErrors: [{ __typename: 'InvalidInputError', code, path: ['variables'] }],
  });
});
