import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { breakingChanges, unannounced } from './breaking-changes.ts';

const before = buildSchema(
  'type Query { shop: Shop } type Shop { id: ID! name: String! slug: String }',
);

test('an addition breaks nobody', async () => {
  const after = buildSchema(
    'type Query { shop: Shop } type Shop { id: ID! name: String! slug: String motto: String }',
  );

  expect(await breakingChanges(before, after)).toEqual([]);
});

test('a removed field breaks, and passes only when its coordinate is announced', async () => {
  const after = buildSchema('type Query { shop: Shop } type Shop { id: ID! name: String! }');

  const changes = await breakingChanges(before, after);

  expect(changes.map((change) => change.coordinate)).toEqual(['Shop.slug']);
  expect(unannounced(changes, '- something about `Shop.name`')).toEqual(changes);
  expect(unannounced(changes, '- `Shop.slug`: removed, use `Shop.id`')).toEqual([]);
});

test('a field that may now be null breaks', async () => {
  const after = buildSchema(
    'type Query { shop: Shop } type Shop { id: ID! name: String slug: String }',
  );

  expect((await breakingChanges(before, after)).map((change) => change.coordinate)).toEqual([
    'Shop.name',
  ]);
});
