import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { undescribed } from './descriptions.ts';

test('everything a client can see is described', () => {
  const sdl = readFileSync(new URL('../public.graphql', import.meta.url), 'utf8');

  expect(undescribed(buildSchema(sdl))).toEqual([]);
});

test('a missing description is found on types, fields, arguments, enum values and inputs', () => {
  const schema = buildSchema(`
    type Query { shop("Which." id: ID!, at: String): Shop }
    "A shop."
    type Shop { "Opaque." id: ID! mood: Mood }
    "How it goes."
    enum Mood { "Well." GOOD BAD }
    input Wish { what: String }
  `);

  expect(undescribed(schema).toSorted()).toEqual([
    'Mood.BAD',
    'Query',
    'Query.shop',
    'Query.shop(at:)',
    'Shop.mood',
    'Wish',
    'Wish.what',
  ]);
});
