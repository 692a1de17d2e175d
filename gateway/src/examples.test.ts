import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadExamples, readExample } from './examples.ts';
import { loadGraph } from './execution/graph.ts';
import { operationReader, variableErrors } from './execution/operations.ts';

const sdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
const { schema } = loadGraph(sdl);
const examples = loadExamples();

test('the head of a file says what it shows, who sends it and with which variables', () => {
  const example = readExample(
    '07-rename-shop.graphql',
    '# Renames a shop.\n# In two lines.\n# As: owner\n# Variables: { "id": "shp_…" }\nquery A($id: ID!) { shop(id: $id) { id } } # As: guest\n',
  );

  expect(example).toMatchObject({
    slug: 'rename-shop',
    name: 'A',
    text: 'Renames a shop. In two lines.',
    role: 'owner',
    variables: '{ "id": "shp_…" }',
    isTab: true,
  });
  expect(readExample('b.graphql', 'query B { a }')).toMatchObject({ role: 'guest', isTab: false });
});

test('a file without a named operation is refused', () => {
  expect(() => readExample('c.graphql', '{ a }')).toThrow(/c\.graphql/);
});

test('examples have names of their own and say what they show', () => {
  expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
  expect(new Set(examples.map(({ slug }) => slug)).size).toBe(examples.length);
  for (const { text } of examples) expect(text).not.toBe('');
});

test.for(examples.map((example) => [example.slug, example] as const))(
  '%s is valid, and its variables fit but for what stands for something',
  ([, { query, variables = '{}' }]) => {
    const operation = operationReader(schema)(query);
    if (!('document' in operation)) throw new Error(JSON.stringify(operation));
    // Times are the one kind of placeholder that is no valid value by itself.
    const given = JSON.parse(
      variables.replaceAll(/"(?:now|tomorrow)…"/g, '"2026-11-22T12:00:00Z"'),
    );
    expect(variableErrors(schema, operation, given)).toEqual([]);
  },
);

test('every query and subscription, and the mutations of the main job have an example', () => {
  const shown = new Set(
    examples.flatMap(({ operation }) =>
      operation.selectionSet.selections.map((field) => ('name' in field ? field.name.value : '')),
    ),
  );
  for (const mutation of [
    'signIn',
    'postComment',
    'pinCard',
    'addToCart',
    'placeOrder',
    'setStock',
  ]) {
    expect(shown).toContain(mutation);
  }
  // Single things that a list or another example shows in full.
  const elsewhere = [
    'profile',
    'creator',
    'collaboration',
    'order',
    'checkout',
    'shopApplication',
    'video',
    'app',
    'erasure',
    // Asked by an app, in docs/integrators.md.
    'viewerApp',
  ];
  const missing = [
    ...Object.keys(schema.getQueryType()?.getFields() ?? {}),
    ...Object.keys(schema.getSubscriptionType()?.getFields() ?? {}),
  ].filter((name) => !shown.has(name) && !elsewhere.includes(name));
  expect(missing).toEqual(['checkoutChanged']);
});
