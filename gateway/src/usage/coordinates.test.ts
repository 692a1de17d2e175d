import { buildSchema, GraphQLError, parse } from 'graphql';
import { expect, test } from 'vitest';
import { operationOf } from '../execution/operations.ts';
import { coordinatesOf } from './coordinates.ts';

const schema = buildSchema(`
  type Query { shop(id: ID!, mood: Mood): Shop  shops(where: Where): [Shop!]!  node(id: ID!): Node }
  interface Node { id: ID! }
  type Shop implements Node { id: ID! name(short: Boolean): String owner: Person }
  type Person implements Node { id: ID! name: String }
  enum Mood { GOOD BAD }
  input Where { name: String mood: Mood inside: Where nearby: [Place!] }
  input Place { city: String zip: String }
`);

function used(text: string, operationName?: string): string[] {
  const operation = operationOf(parse(text), 'key', operationName);
  if (operation instanceof GraphQLError) throw operation;
  return [...coordinatesOf(schema, operation)].toSorted();
}

test('fields and arguments count under the type they are selected on, aliases aside', () => {
  expect(used('{ a: shop(id: "1") { b: name(short: true) __typename } }')).toEqual([
    'Query.shop',
    'Query.shop(id:)',
    'Shop.name',
    'Shop.name(short:)',
  ]);
});

test('fragments count where they are spread, once, and only by the operation that reaches them', () => {
  const text = `
    query One { node(id: "1") { ...A ... on Person { name } } }
    query Two { shops { owner { id } } }
    fragment A on Shop { id ...B }
    fragment B on Shop { owner { ...C } }
    fragment C on Person { name }
  `;
  expect(used(text, 'One')).toEqual([
    'Person',
    'Person.name',
    'Query.node',
    'Query.node(id:)',
    'Shop',
    'Shop.id',
    'Shop.owner',
  ]);
  expect(used(text, 'Two')).toEqual(['Person.id', 'Query.shops', 'Shop.owner']);
});

test('of an input that is written out, only what is written counts', () => {
  expect(used('{ shops(where: { mood: GOOD, nearby: [{ zip: "1" }] }) { id } }')).toEqual([
    'Mood.GOOD',
    'Place.zip',
    'Query.shops',
    'Query.shops(where:)',
    'Shop.id',
    'Where.mood',
    'Where.nearby',
  ]);
});

test('of an input in a variable all it may hold counts, however deep it refers to itself', () => {
  expect(used('query ($where: Where) { shops(where: $where) { id } }')).toEqual(
    expect.arrayContaining([
      'Where.inside',
      'Where.mood',
      'Where.name',
      'Where.nearby',
      'Place.city',
      'Place.zip',
      'Mood.BAD',
      'Mood.GOOD',
    ]),
  );
});

test('introspection is no use of the graph', () => {
  const text = `
    { __schema { types { ...T } } __type(name: "Shop") { ... on __Type { fields { name } } } }
    fragment T on __Type { name }
  `;
  expect(used(text)).toEqual([]);
});
