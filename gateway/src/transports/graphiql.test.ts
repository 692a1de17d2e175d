import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { loadGraph } from '../execution/graph.ts';
import { operationReader } from '../execution/operations.ts';
import { exampleTabs } from './graphiql.ts';

test('every example is one named operation, with variables where it needs some', () => {
  const tabs = exampleTabs();
  expect(tabs.length).toBeGreaterThan(1);
  for (const { query, variables } of tabs) {
    const operations = parse(query).definitions.flatMap((definition) =>
      definition.kind === 'OperationDefinition' ? [definition] : [],
    );
    expect(operations).toHaveLength(1);
    expect(operations[0]?.name?.value).toMatch(/^[A-Z]/);
    const required = (operations[0]?.variableDefinitions ?? [])
      .filter(({ type }) => type.kind === 'NonNullType')
      .map(({ variable }) => variable.name.value);
    expect(Object.keys(JSON.parse(variables ?? '{}'))).toEqual(expect.arrayContaining(required));
  }
});

test('the first example runs as it is', () => {
  expect(exampleTabs()[0]?.query).not.toContain('$');
});

test('every example is valid against the graph', () => {
  const sdl = readFileSync(new URL('../../../schema/supergraph.graphql', import.meta.url), 'utf8');
  const read = operationReader(loadGraph(sdl).schema);
  for (const { query } of exampleTabs()) expect(read(query)).toHaveProperty('document');
});
