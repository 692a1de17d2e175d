import { expect, test } from 'vitest';
import { entityListsOf, fitsRepresentations } from './entity-lists.ts';

test('a document tells where its entities come, under any name', () => {
  expect(entityListsOf('{ shop { name } }')).toEqual([]);
  expect(
    entityListsOf(`query Q($a: [_Any!]!, $b: [_Any!]!) {
      _entities(representations: $a) { __typename }
      more: _entities(representations: $b) { __typename }
    }`),
  ).toEqual([
    { key: '_entities', variable: 'a' },
    { key: 'more', variable: 'b' },
  ]);
});

test('entities stand for representations one by one, or errors tell why there are none', () => {
  const lists = [{ key: 'found', variable: 'r' }];
  const fits = (data: Record<string, unknown> | null, errors?: { message: string }[]) =>
    fitsRepresentations({ data, ...(errors ? { errors } : {}) }, { r: [{}, {}] }, lists);
  expect(fits({ found: [null, {}] })).toBe(true);
  for (const none of [{ found: null }, {}, null]) {
    expect(fits(none, [{ message: 'away' }])).toBe(true);
    expect(fits(none)).toBe(false);
  }
  expect(fits({ found: [{}] })).toBe(false);
  expect(fits({ found: [{}] }, [{ message: 'one is lost' }])).toBe(false);
  expect(fits({ found: [{}, {}, {}] })).toBe(false);
  expect(fits({ found: {} })).toBe(false);
});

test('every list of a document counts', () => {
  const lists = [
    { key: 'one', variable: 'a' },
    { key: 'two', variable: 'b' },
  ];
  const variables = { a: [{}], b: [{}, {}] };
  expect(fitsRepresentations({ data: { one: [{}], two: [{}, {}] } }, variables, lists)).toBe(true);
  expect(fitsRepresentations({ data: { one: [{}], two: [{}] } }, variables, lists)).toBe(false);
});
