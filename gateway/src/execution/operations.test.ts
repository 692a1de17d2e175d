import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { MAX_TOKENS, type Operation, operationReader, variableErrors } from './operations.ts';

const schema = buildSchema('type Query { shop(id: ID!, page: Int): String }');
const read = operationReader(schema);

const accepted = (text: string, operationName?: string): Operation => {
  const operation = read(text, operationName);
  if (!('document' in operation)) throw new Error(String(operation[0]));
  return operation;
};
const refusedCode = (text: string, operationName?: string): unknown => {
  const operation = read(text, operationName);
  return 'document' in operation ? null : operation[0]?.extensions['code'];
};

test('the same text and name have one key, and another text or name has another', () => {
  const text = 'query A { shop(id: "1") } query B { shop(id: "2") }';
  expect(accepted(text, 'A').key).toBe(accepted(text, 'A').key);
  expect(accepted(text, 'A').key).not.toBe(accepted(text, 'B').key);
  expect(accepted('{ shop(id: "1") }').key).not.toBe(accepted('{ shop(id: "2") }').key);
});

test.for([
  ['a text that is no GraphQL', '{ shop(', 'GRAPHQL_PARSE_FAILED'],
  ['a field that does not exist', '{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
  ['a variable that is not declared', '{ shop(id: $id) }', 'GRAPHQL_VALIDATION_FAILED'],
  ['a document of nothing', '', 'GRAPHQL_PARSE_FAILED'],
  ['fragments alone', 'fragment F on Query { shop(id: 1) }', 'GRAPHQL_VALIDATION_FAILED'],
  [
    'a value in thousands of lists',
    `{ shop(id: ${'['.repeat(2_400)}${']'.repeat(2_400)}) }`,
    'GRAPHQL_PARSE_FAILED',
  ],
  ['an endless document', `{ ${'a '.repeat(MAX_TOKENS)} }`, 'TOO_MANY_TOKENS'],
])('%s is refused with its own code', ([, text, code]) => {
  expect(refusedCode(text ?? '')).toBe(code);
});

test.for([
  ['aliases', `{ ${Array.from({ length: 51 }, (_, i) => `a${i}: shop(id: "1")`).join(' ')} }`],
  [
    'fragments in fragments',
    `{ ${'...A '.repeat(3)} ...B } fragment A on Query { ...C ...C }
     fragment B on Query { ... { b0: shop(id: "1") } }
     fragment C on Query { ${Array.from({ length: 10 }, (_, i) => `c${i}: shop(id: "1")`).join(' ')} }`,
  ],
] as const)('more than fifty fields at the root by %s are refused', ([, text]) => {
  expect(refusedCode(text)).toBe('TOO_MANY_ROOT_FIELDS');
});

test('fifty fields at the root are enough for anybody, and so many pass', () => {
  const fields = Array.from({ length: 50 }, (_, i) => `a${i}: shop(id: "1")`);

  expect(refusedCode(`{ ${fields.join(' ')} }`)).toBeNull();
});

test('a mutation has ten', () => {
  const readMutation = operationReader(
    buildSchema('type Query { a: Int } type Mutation { signIn: Int }'),
  );
  const times = (count: number) =>
    readMutation(
      `mutation { ${Array.from({ length: count }, (_, i) => `m${i}: signIn`).join(' ')} }`,
    );

  expect('document' in times(10)).toBe(true);
  expect(times(11)).toMatchObject([{ extensions: { code: 'TOO_MANY_ROOT_FIELDS' } }]);
});

test('the same text and name are the same operation, read once', () => {
  const text = 'query A { shop(id: "1") } query B { shop(id: "2") }';
  expect(read(text, 'A')).toBe(read(text, 'A'));
  expect(read(text, 'A')).not.toBe(read(text, 'B'));
});

test('several operations need a name, and the name of one of them', () => {
  const text = 'query A { shop(id: "1") } query B { shop(id: "2") }';
  expect(refusedCode(text)).toBe('OPERATION_RESOLUTION_FAILURE');
  expect(refusedCode(text, 'C')).toBe('OPERATION_RESOLUTION_FAILURE');
  expect(refusedCode(text, 'B')).toBeNull();
});

test('variables that fit are accepted', () => {
  const operation = accepted('query ($id: ID!, $page: Int = 1) { shop(id: $id, page: $page) }');
  expect(variableErrors(schema, operation, { id: '1' })).toEqual([]);
});

test('a missing variable and one of the wrong type are reported together', () => {
  const operation = accepted('query ($id: ID!, $page: Int) { shop(id: $id, page: $page) }');
  const errors = variableErrors(schema, operation, { page: 'one' });
  expect(errors.map(({ extensions }) => extensions['code'])).toEqual([
    'BAD_USER_INPUT',
    'BAD_USER_INPUT',
  ]);
});

test('a variable that nobody declares is a mistake of the client', () => {
  const operation = accepted('query ($id: ID!) { shop(id: $id) }');
  const errors = variableErrors(schema, operation, { id: '1', Id: '2' });
  expect(errors).toEqual([
    expect.objectContaining({
      message: 'The operation declares no variable "$Id".',
      extensions: { code: 'UNKNOWN_VARIABLE' },
    }),
  ]);
});

test('a variable of a sibling operation in the document is let pass', () => {
  const text = 'query A ($a: ID!) { shop(id: $a) } query B ($b: ID!) { shop(id: $b) }';
  expect(variableErrors(schema, accepted(text, 'A'), { a: '1', b: '2' })).toEqual([]);
});
