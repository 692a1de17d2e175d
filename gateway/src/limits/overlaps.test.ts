import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { firstPartyDocuments } from '../documents/first-party.ts';
import { MAX_OVERLAPS, operationReader } from '../execution/operations.ts';
import { overlapsIn } from './overlaps.ts';

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const overlaps = (text: string): number => overlapsIn(parse(text));

test.for([
  ['nothing that merges', '{ a b { a } c: a ... on B { d } }', 0],
  ['a pair of leaves', '{ a a }', 1],
  ['names of the answer, not of fields', '{ a: b b a: b }', 1],
  ['three of each other', '{ a a a }', 3],
  ['what is below them', '{ a { b { c } } a { b { c } } }', 3],
  ['those within inline fragments', '{ a ... { a ... on B { a } } }', 3],
  ['fragments, by their size', '{ ...F ...G } fragment F on A { b c } fragment G on A { d e }', 2],
  ['fields of different places', '{ a { b } c { b } }', 0],
] as const)('%s', ([, text, expected]) => {
  expect(overlaps(text)).toBe(expected);
});

const reader = operationReader(buildSchema('type Query { a: Query  b: Int }'), () => []);

test.for([
  ['the same field again and again', `{ ${times(1_000, () => 'a { b }')} }`],
  ['nested ones', `{ ${times(100, () => 'a { a { a { a { a { a { b } } } } } }')} }`],
  [
    'fragments beside each other',
    `{ ${times(300, (i) => `...F${i}`)} } ${times(300, (i) => `fragment F${i} on Query { b }`)}`,
  ],
  ['introspection', `{ __schema { types { ${times(400, () => 'fields { type { name } }')} } } }`],
])('a document that keeps validation busy is refused before: %s', ([, text = '']) => {
  const errors = reader(text);
  expect(errors).toMatchObject([
    { extensions: { code: 'TOO_MANY_OVERLAPS', limit: MAX_OVERLAPS, actual: expect.any(Number) } },
  ]);
});

test('clients repeat themselves far less than they may', () => {
  const root = new URL('../../..', import.meta.url).pathname;
  const documents = firstPartyDocuments(root);
  expect(documents.length).toBeGreaterThan(5);
  for (const { text } of documents) expect(overlaps(text)).toBeLessThan(MAX_OVERLAPS / 20);
});
