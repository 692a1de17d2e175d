import { buildSchema, print } from 'graphql';
import { expect, test } from 'vitest';
import { operationReader, type Variables } from './operations.ts';
import { settledConditions } from './settled-conditions.ts';

const read = operationReader(
  buildSchema(`
    directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
    type Query { a: Int b: Int shop: Shop }
    type Shop { name: String motto: String }
  `),
);

function settled(text: string, variables: Variables = {}) {
  const operation = read(text);
  if (!('document' in operation)) throw new Error(String(operation[0]));
  const result = settledConditions()(operation, variables);
  const selection = print(result.operation.node.selectionSet).replaceAll(/\s+/g, ' ');
  return { ...result, selection, operation: result.operation, before: operation };
}

test('what a variable leaves out is gone, and what it leaves in is unconditional', () => {
  const text = 'query ($x: Boolean!) { a @include(if: $x) b @skip(if: $x) }';
  expect(settled(text, { x: true }).selection).toBe('{ a }');
  expect(settled(text, { x: false }).selection).toBe('{ b }');
});

test('a variable that is not given has its default', () => {
  const text = 'query ($x: Boolean! = true) { a @include(if: $x) b }';
  expect(settled(text).selection).toBe('{ a b }');
  expect(settled(text, { x: false }).selection).toBe('{ b }');
});

test('conditions of fragments count for what they hold, and those in fragments as well', () => {
  const text = `query ($x: Boolean!, $y: Boolean!) { ...F @include(if: $x) b }
    fragment F on Query { a @skip(if: $y) shop { name } }`;
  expect(settled(text, { x: false, y: false }).selection).toBe('{ b }');
  const { operation } = settled(text, { x: true, y: true });
  expect(print(operation.document)).not.toMatch(/@|\ba\b/);
});

test('a deferred part is deferred for good, or not at all', () => {
  const text = 'query ($x: Boolean!) { a ... @defer(if: $x, label: "l") { b } }';
  expect(settled(text, { x: true }).selection).toBe('{ a ... @defer(label: "l") { b } }');
  expect(settled(text, { x: false }).selection).toBe('{ a ... { b } }');
});

test('where nothing is left, something stands that is told apart', () => {
  const text = 'query ($x: Boolean!) { shop { name @include(if: $x) } }';
  expect(settled(text, { x: false })).toMatchObject({
    selection: '{ shop { __typename } }',
    hasFiller: true,
  });
  expect(settled(text, { x: true }).hasFiller).toBe(false);
});

test('an operation has a key for each outcome, and itself where nothing depends on variables', () => {
  const text = 'query ($x: Boolean!) { a b @skip(if: $x) }';
  const keys = [true, false, true].map((x) => settled(text, { x }).operation.key);
  expect(keys[0]).toBe(keys[2]);
  expect(keys[0]).not.toBe(keys[1]);
  const plain = settled('{ a }');
  expect(plain.operation).toBe(plain.before);
});
