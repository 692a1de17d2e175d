import { buildSchema, graphql } from 'graphql';
import { expect, test } from 'vitest';
import { nullIsDefault } from './null-is-default.ts';

const schema = buildSchema(`
  enum Sort { NEWEST OLDEST }
  type Query { list(first: Int = 20, sort: Sort = NEWEST, after: String): String }
`);
const list = schema.getQueryType()?.getFields()['list'];
if (!list) throw new Error('the schema has a list');
list.resolve = (_root, args) => JSON.stringify(args);
nullIsDefault(schema);

const ask = async (source: string, variableValues: Record<string, unknown> = {}) =>
  JSON.parse(String((await graphql({ schema, source, variableValues })).data?.['list']));

test('null means the default where there is one, by value and by variable', async () => {
  expect(await ask('{ list(sort: null, first: 5) }')).toEqual({ first: 5, sort: 'NEWEST' });
  expect(await ask('query ($n: Int) { list(first: $n) }', { n: null })).toEqual({
    first: 20,
    sort: 'NEWEST',
  });
});

test('null stays null where nothing else is promised', async () => {
  expect(await ask('{ list(after: null) }')).toEqual({ first: 20, sort: 'NEWEST', after: null });
});
