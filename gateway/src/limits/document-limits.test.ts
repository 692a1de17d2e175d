import { buildSchema, OperationTypeNode } from 'graphql';
import { expect, test } from 'vitest';
import { type Operation, operationReader } from '../execution/operations.ts';
import { type DocumentLimits, defaultLimits, documentLimits } from './document-limits.ts';
import { measureOperation } from './measure-document.ts';
import { variableLimits } from './variable-limits.ts';

const schema = buildSchema(`
  directive @note(text: String) repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | QUERY
  type Query { shop: Shop  shops(first: Int, last: Int, filter: Filter): [Shop!] }
  type Mutation { open(input: Filter): Shop }
  type Subscription { opened: Shop }
  type Shop { id: ID!  name: String  next: Shop  others(first: Int): [Shop!] }
  input Filter { first: Int  or: [Filter!] }
`);
const reader = operationReader(schema, () => []);
const read = (text: string): Operation => {
  const operation = reader(text);
  if (!('document' in operation)) throw new Error(operation.map(String).join('\n'));
  return operation;
};
const refusals = (text: string, limits: Partial<DocumentLimits> = {}) =>
  documentLimits({ ...defaultLimits, ...limits })(read(text)).map(({ extensions }) => extensions);
const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const deep = (levels: number): string => (levels === 1 ? 'id' : `next { ${deep(levels - 1)} }`);

test('an ordinary operation has too much of nothing', () => {
  expect(refusals('{ shop { id name others(first: 100) { id } } }')).toEqual([]);
});

test.for([
  ['depth', 'DOCUMENT_TOO_DEEP', `{ shop { ${deep(16)} } }`, 16, 17],
  [
    'depth through fragments',
    'DOCUMENT_TOO_DEEP',
    `{ shop { ...A } } fragment A on Shop { next { ... { ${deep(15)} } } }`,
    16,
    17,
  ],
  ['aliases', 'TOO_MANY_ALIASES', `{ shop { ${times(101, (i) => `a${i}: id`)} } }`, 100, 101],
  [
    'root fields',
    'TOO_MANY_ROOT_FIELDS',
    `{ ...A ${times(26, (i) => `a${i}: shop { id }`)} } fragment A on Query { ... { ${times(25, (i) => `b${i}: shop { id }`)} } }`,
    50,
    51,
  ],
  [
    'writes',
    'TOO_MANY_ROOT_FIELDS',
    `mutation { ${times(11, (i) => `a${i}: open { id }`)} }`,
    10,
    11,
  ],
  [
    'directives on a field',
    'TOO_MANY_FIELD_DIRECTIVES',
    `{ shop { id ${times(5, () => '@note')} } }`,
    4,
    5,
  ],
  [
    'directives on a query',
    'TOO_MANY_FIELD_DIRECTIVES',
    `query ${times(5, () => '@note')} { shop { id } }`,
    4,
    5,
  ],
  [
    'directives',
    'TOO_MANY_DIRECTIVES',
    `{ shop { ${times(67, () => 'id @note @note @note')} } }`,
    200,
    201,
  ],
  ['items on a page', 'PAGE_SIZE_INVALID', '{ shop { others(first: 101) { id } } }', 100, 101],
  ['items on a last page', 'PAGE_SIZE_INVALID', '{ shops(last: 5000) { id } }', 100, 5_000],
  [
    'items by default',
    'PAGE_SIZE_INVALID',
    'query ($n: Int = 200) { shops(first: $n) { id } }',
    100,
    200,
  ],
] as const)(
  'too much of %s is refused with its own code, the limit and the number',
  ([, code, text, limit, actual]) => {
    const [error, ...others] = documentLimits()(read(text));
    expect(error?.extensions).toEqual({ code, limit, actual });
    expect(error?.message).toContain(String(limit));
    expect(error?.message).toContain(String(actual));
    expect(others).toEqual([]);
  },
);

test.for([
  ['depth', `{ shop { ${deep(15)} } }`],
  ['aliases', `{ shop { ${times(100, (i) => `a${i}: id`)} } }`],
  ['writes', `mutation { ${times(10, (i) => `a${i}: open { id }`)} }`],
  ['a page', 'query ($n: Int = 100) { shops(first: $n) { id } }'],
] as const)('as much of %s as is allowed passes', ([, text]) => {
  expect(refusals(text)).toEqual([]);
});

test('everything that is too much is told at once', () => {
  const codes = refusals('{ a: shop { next { id @note } } }', {
    depth: 2,
    aliases: 0,
    directives: 0,
  });
  expect(codes.map(({ code }) => code)).toEqual([
    'DOCUMENT_TOO_DEEP',
    'TOO_MANY_ALIASES',
    'TOO_MANY_DIRECTIVES',
  ]);
});

test('a page size in an input object is no page of a list', () => {
  expect(refusals('{ shops(filter: { first: 1000 }) { id } }')).toEqual([]);
});

/** Each fragment spreads the one before it twice: 2^count fields from a text of a few lines. */
const doubling = (count: number): string =>
  `{ shop { ...F${count} } } fragment F0 on Shop { id }
   ${times(count, (i) => `fragment F${i + 1} on Shop { a${i}: next { ...F${i} } b${i}: next { ...F${i} } }`)}`;

test('fragments that double each other are counted in full and in no time', () => {
  // Parsed alone: validation of such a document takes longer than measuring it.
  const operation = read(doubling(10));
  const startedAt = performance.now();
  const measures = measureOperation(operation);
  expect(performance.now() - startedAt).toBeLessThan(50);
  expect(measures.selections).toBe(1 + 1 + 2 * (2 ** 11 - 2) + 2 ** 10);
  expect(measures.depth).toBe(12);
  expect(refusals(doubling(10)).map(({ code }) => code)).toEqual([
    'TOO_MANY_SELECTIONS',
    'TOO_MANY_ALIASES',
  ]);
});

test('a fragment that holds itself ends, though validation refuses it before', () => {
  const { document, node } = read(
    '{ shop { ...A } } fragment A on Shop { next { ...B } } fragment B on Shop { id }',
  );
  const definitions = document.definitions.map((definition) =>
    definition.kind === 'FragmentDefinition' && definition.name.value === 'B'
      ? {
          ...definition,
          selectionSet: read('{ shop { ...A } } fragment A on Shop { id }').node.selectionSet,
        }
      : definition,
  );
  const cyclic = { key: 'cyclic', node, document: { ...document, definitions } };
  expect(measureOperation(cyclic).selections).toBeLessThan(10);
});

test('introspection counts as one field deep, since validation bounds it', () => {
  const text = `{ __schema { types { fields { type { ${times(17, () => 'ofType {')} name ${times(17, () => '}')} } } } } }`;
  expect(measureOperation(read(text)).depth).toBe(1);
});

const variableRefusals = (text: string, variables: Record<string, unknown>) =>
  variableLimits()(read(text), variables).map(({ extensions }) => extensions);
const FILTERED = 'query ($f: Filter, $n: Int) { shops(filter: $f, first: $n) { id } }';

test('variables nest and hold as much as any input of the graph needs', () => {
  const items = Array.from({ length: 100 }, (_, first) => ({ first }));
  expect(variableRefusals(FILTERED, { f: { or: items }, n: 100 })).toEqual([]);
});

test('variables that nest too deep are refused, however deep they are', () => {
  let f: object = {};
  for (let level = 0; level < 100_000; level += 1) f = { or: [f] };
  expect(variableRefusals(FILTERED, { f })).toEqual([
    { code: 'VARIABLES_TOO_DEEP', limit: 12, actual: 13 },
  ]);
});

test('variables that hold too many values are refused without counting them all', () => {
  const f = { or: Array.from({ length: 300_000 }, () => 1) };
  expect(variableRefusals(FILTERED, { f })).toEqual([
    { code: 'TOO_MANY_VARIABLE_VALUES', limit: 5_000, actual: 5_001 },
  ]);
});

test('a page size from the variables is bounded where it is one', () => {
  const text = `query ($n: Int, $m: Int) { shops(filter: { first: $m }) { ...A } }
    fragment A on Shop { others(first: $n) { id } }`;
  expect(variableRefusals(text, { n: 101, m: 1_000 })).toEqual([
    { code: 'PAGE_SIZE_INVALID', limit: 100, actual: 101 },
  ]);
  expect(variableRefusals(text, { n: 100, m: 1_000 })).toEqual([]);
});

test('every kind of operation has a limit of root fields', () => {
  expect(Object.keys(defaultLimits.rootFields)).toEqual(Object.values(OperationTypeNode));
});
