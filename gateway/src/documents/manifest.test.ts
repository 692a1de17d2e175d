import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hashOf } from '../execution/operations.ts';
import { shopGraph } from '../limits/cost/shop.fixture.ts';
import { documentsIn, firstPartyDocuments } from './first-party.ts';
import { parseManifest, readManifest } from './manifest.ts';
import { manifestOf } from './write-manifest.ts';

const { graph } = shopGraph();
const documents = (...texts: string[]) => texts.map((text) => ({ file: 'client.ts', text }));

test('a manifest has the hash, name, type and text of each operation, once and in order', () => {
  const query = 'query B { plain }';
  const mutation = 'mutation A { rename { id } }';
  const manifest = manifestOf(graph, documents(query, mutation, query));
  expect(manifest).toEqual({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [
      { id: hashOf(mutation), name: 'A', type: 'mutation', body: mutation },
      { id: hashOf(query), name: 'B', type: 'query', body: query },
    ],
  });
  expect(parseManifest(JSON.stringify(manifest))).toEqual(manifest);
});

test.for([
  ['does not fit the graph', 'query A { nope }', 'Cannot query field "nope"'],
  ['has no name', '{ plain }', 'needs a name'],
  ['has several operations', 'query A { plain } query B { plain }', 'several operations'],
  ['exceeds a limit', 'query A { shop { latest(first: 101) { id } } }', 'at most 100 items'],
  [
    'costs too much',
    'query A { shop { latest(first: 100) { reviews { text } shop { latest(first: 100) { id } } } } }',
    'at most 20000 is allowed',
  ],
])('a document that %s is in no manifest', ([, text = '', problem = '']) => {
  expect(() => manifestOf(graph, documents(text))).toThrow(problem);
});

test('every problem is told at once, with the file', () => {
  expect(() => manifestOf(graph, documents('{ plain }', 'query A { nope }'))).toThrow(
    /client\.ts: .*name.*\nclient\.ts: Cannot query/,
  );
});

test.for([
  ['an id that is not the hash of its body', { id: hashOf('other') }, 'not the hash'],
  ['an unknown type', { type: 'fragment' }, 'type'],
  ['no body', { body: undefined }, 'body'],
])('a manifest with %s is refused', ([, change, problem]) => {
  const operation = {
    id: hashOf('{ a }'),
    name: 'A',
    type: 'query',
    body: '{ a }',
    ...(change as object),
  };
  const manifest = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [operation],
  };
  expect(() => parseManifest(JSON.stringify(manifest))).toThrow(String(problem));
});

test('documents are found in templates that are marked, as they are sent', () => {
  const source = 'const A = /* GraphQL */ `\n  query A { a }\n`;\nconst b = `not this`;';
  expect(documentsIn(source, 'a.ts')).toEqual([{ file: 'a.ts', text: '\n  query A { a }\n' }]);
});

test('a document that is put together at run time has no hash', () => {
  expect(() => documentsIn('/* GraphQL */ `query A { $' + '{fields} }`', 'a.ts')).toThrow('a.ts');
});

test('the committed manifest trusts what the demo sends', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const files = new Set(firstPartyDocuments(root).map(({ file }) => file));
  expect(files).toContain('packages/demo/src/sign-in.ts');
  expect(files).toContain('packages/demo/src/player/operations.ts');
  expect(files).toContain('gateway/src/examples/01-room-page.graphql');

  const trusted = new Set(readManifest().operations.map(({ body }) => body));
  const signIn = documentsIn(
    readFileSync(`${root}packages/demo/src/sign-in.ts`, 'utf8'),
    'sign-in.ts',
  );
  expect(signIn.map(({ text }) => trusted.has(text))).toEqual([true]);
});
