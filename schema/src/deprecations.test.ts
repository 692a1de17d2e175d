import { readFileSync } from 'node:fs';
import { deprecated } from '@vitrine/gateway/reference/deprecated';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { deprecationProblems, readDeprecation } from './deprecations.ts';

test('every deprecation of the public schema has a replacement and a date', () => {
  const sdl = readFileSync(new URL('../public.graphql', import.meta.url), 'utf8');

  expect(deprecationProblems(buildSchema(sdl))).toEqual([]);
});

test('a reason says what to use instead and until when the old way stays', () => {
  expect(readDeprecation('Use `title` instead. Removal after 2027-03-01.')).toEqual({
    replacement: 'title',
    removalAfter: '2027-03-01',
  });
  expect(
    readDeprecation(
      'Use `Product.price(market:)` instead: prices differ by market. Ask us. Removal after 2027-03-01.',
    ),
  ).toEqual({ replacement: 'Product.price(market:)', removalAfter: '2027-03-01' });
});

test.for([
  'No longer supported',
  'Use `title` instead.',
  'Removal after 2027-03-01.',
  'Use title instead. Removal after 2027-03-01.',
  'Use `title` instead. Removal after spring.',
  'Use `title` instead. Removal after 2027-02-30.',
  'Use `title` instead. Removal after 2027-13-01.',
])('%s is no such reason', (reason) => {
  expect(readDeprecation(reason)).toBeNull();
});

test('deprecations are found on fields, arguments, inputs and values, and each is checked', () => {
  const schema = buildSchema(`
    type Query {
      shop(id: ID!, key: ID @deprecated(reason: "Use \`Query.shop(id:)\` instead. Removal after 2027-03-01.")): Shop
    }
    type Shop { name: String title: String @deprecated(reason: "Use \`name\` instead. Removal after 2027-03-01.") }
    enum Mood { GOOD BAD @deprecated }
    input Wish { what: String thing: String @deprecated(reason: "Use \`wat\` instead. Removal after 2027-03-01.") }
  `);

  expect(deprecated(schema).map(({ coordinate }) => coordinate)).toEqual([
    'Query.shop(key:)',
    'Shop.title',
    'Mood.BAD',
    'Wish.thing',
  ]);
  expect(deprecationProblems(schema)).toEqual([
    '`Mood.BAD`: a deprecation says "Use `…` instead. Removal after YYYY-MM-DD."',
    '`Wish.thing`: its replacement `wat` is not in the schema',
  ]);
});
