import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { parseUsageFile, usageFileOf } from './usage-file.ts';
import { isInSchema, reportLines, usageReport } from './usage-report.ts';

const schema = buildSchema(`
  type Query { node(id: ID!): Node }
  interface Node { id: ID! }
  type Shop implements Node { id: ID! slug: String }
  enum Mood { GOOD BAD }
  input Wish { what: String }
`);
const days = { since: '2026-10-23', until: '2026-11-22' };
const web = { client: 'web', version: '1', count: 3, lastSeen: '2026-11-20' };
const app = { client: 'app', version: '2', count: 1, lastSeen: '2026-11-22' };
const file = usageFileOf(
  [
    { coordinate: 'Query.node', ...web },
    { coordinate: 'Query.node', ...app },
    { coordinate: 'Node.id', ...web },
    { coordinate: 'Mood.GOOD', ...app },
  ],
  days,
);

test('a usage file is read back as it was written', () => {
  expect(parseUsageFile(JSON.stringify(file))).toEqual(file);
  expect(file.usage['Query.node']).toEqual([app, web]);
});

test('a usage file that is none is refused with its problems', () => {
  expect(() => parseUsageFile('{')).toThrow(/no JSON/);
  expect(() => parseUsageFile('{"format":2}')).toThrow(/format/);
  expect(() =>
    parseUsageFile(JSON.stringify({ ...file, usage: { 'A.b': [{ ...web, count: 'many' }] } })),
  ).toThrow(/count/);
});

test('the report has what is used by whom, and what nobody uses', () => {
  const report = usageReport(schema, file);

  expect(report.used.map(({ coordinate, count }) => [coordinate, count])).toEqual([
    ['Query.node', 4],
    ['Node.id', 3],
    ['Mood.GOOD', 1],
  ]);
  expect(report.neverUsed).toEqual(['Shop.slug', 'Mood.BAD', 'Wish.what']);
});

test('one field is reported by itself', () => {
  expect(usageReport(schema, file, 'Query.node')).toMatchObject({
    used: [{ coordinate: 'Query.node' }],
    neverUsed: [],
  });
  expect(usageReport(schema, file, 'Shop.slug')).toMatchObject({
    used: [],
    neverUsed: ['Shop.slug'],
  });
});

test('the report for people names clients, counts and last days', () => {
  const lines = reportLines(usageReport(schema, file, 'Query.node'));

  expect(lines).toContain('    app 2: 1 time, last on 2026-11-22');
  expect(lines).toContain('    web 1: 3 times, last on 2026-11-20');
});

test('coordinates are known when the schema has them', () => {
  for (const there of ['Shop', 'Shop.slug', 'Query.node(id:)', 'Mood.BAD', 'Wish.what']) {
    expect(isInSchema(schema, there)).toBe(true);
  }
  for (const missing of ['Shopp', 'Shop.slog', 'Query.node(ID:)', 'Mood.SO', 'Wish.x', 'a b', '']) {
    expect(isInSchema(schema, missing)).toBe(false);
  }
});
