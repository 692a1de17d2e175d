import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { catalogOf, compose, guest, productId, shopsOf, silent } from '../../test/small-graph.ts';
import { openAudiences } from '../requests/audiences.ts';
import { localSource } from '../sources/local-source.ts';
import { loadOperations, storeOperations } from './used-operations.ts';
import { warmPlans } from './warm-plans.ts';

const TITLE = 'query Title($id: ID!) { product(id: $id) { title } }';
const SHOP = 'query Shop($id: ID!) { product(id: $id) { shop { name } } }';
const MOTTO = 'query Motto($id: ID!) { product(id: $id) { shop { motto } } }';

/** Two graphs over the same subgraphs; shops of the second have no motto. */
function twoGraphs() {
  const subgraphs = [catalogOf(), shopsOf()];
  const sources = new Map(
    subgraphs.map(({ name, schema }) => [
      name as string,
      localSource({ name, schema, contextOf: (scope) => ({ scope }), logger: silent }),
    ]),
  );
  const nodes = { name: 'nodes', prepare: () => () => ({}), fetch: async () => ({}) };
  sources.set('nodes', { ...nodes, subscribe: async () => ({}), close: async () => {} });
  const whole = compose(subgraphs);
  const without = whole.replace(/^ {2}motto: String.*$/m, '');
  return { sources, whole, without };
}

const open = () => {
  const { sources, whole, without } = twoGraphs();
  const audiences = openAudiences(
    { public: whole },
    {
      sources,
      logger: silent,
      prepare: async (fresh, old) =>
        void (await warmPlans(fresh, old?.engine.plans.mostUsed(100) ?? [])),
    },
  );
  const ask = (text: string) => {
    const { read, engine } = audiences.public;
    const operation = read(text);
    if (!('document' in operation)) return Promise.resolve({ errors: operation });
    return engine.execute({ operation, variables: { id: productId }, scope: guest() });
  };
  return { audiences, ask, whole, without };
};

test('the most used operations come first, as clients sent them', async () => {
  const { audiences, ask } = open();
  for (const text of [TITLE, SHOP, SHOP, SHOP, MOTTO, MOTTO]) await ask(text);

  const used = audiences.public.engine.plans.mostUsed(2);

  expect(used).toEqual([
    { text: SHOP, operationName: null, uses: 2 },
    { text: MOTTO, operationName: null, uses: 1 },
  ]);
});

test('a warmed plan is found by the first client', async () => {
  const { audiences, ask } = open();
  const ready = await warmPlans(audiences.public, [
    { text: TITLE, operationName: null },
    { text: '{ nothing }', operationName: null },
    { text: 'no document', operationName: null },
  ]);
  expect(ready).toBe(1);
  expect(audiences.public.engine.plans.size).toBe(1);
  await ask(TITLE);
  expect(audiences.public.engine.plans.size).toBe(1);
});

test('warming lets others run between two plans, and ends when it is told to', async () => {
  const { audiences } = open();
  const stop = new AbortController();
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
    if (turns === 2) stop.abort();
  }, 0);
  onTestFinished(() => clearInterval(timer));
  const operations = Array.from({ length: 1_000 }, (_, index) => ({
    text: `query Q${index} { products { id } }`,
    operationName: null,
  }));
  expect(await warmPlans(audiences.public, operations, stop.signal)).toBeLessThan(1_000);
  expect(turns).toBeGreaterThan(1);
});

test('a new supergraph is planned before it serves, and no request fails over it', async () => {
  const { audiences, ask, without } = open();
  await ask(MOTTO);
  await ask(SHOP);
  const before = audiences.public;
  let isDone = false;
  const answers: Promise<{ readonly errors?: readonly unknown[] }>[] = [];

  const swapped = audiences.swap({ public: without }).then(() => {
    isDone = true;
  });
  while (!isDone) {
    // In flight at any moment of the change.
    answers.push(ask(SHOP));
    await new Promise(setImmediate);
  }
  await swapped;
  answers.push(ask(SHOP));

  expect((await Promise.all(answers)).filter(({ errors }) => errors)).toEqual([]);
  expect(answers.length).toBeGreaterThan(2);
  expect(audiences.public).not.toBe(before);
  // The operation that is not valid any more was passed over.
  expect(audiences.public.engine.plans.mostUsed(9).map(({ text }) => text)).toEqual([SHOP]);
  expect((await ask(MOTTO)).errors?.[0]?.message).toContain('motto');
});

test('a supergraph that cannot be served changes nothing', async () => {
  const { audiences, ask } = open();
  const before = audiences.public;
  await expect(audiences.swap({ public: 'type Query { broken' })).rejects.toThrow();
  expect(audiences.public).toBe(before);
  expect((await ask(SHOP)).errors).toBeUndefined();
});

test('operations are kept for the next run; a file that cannot be read is no reason to fail', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-operations-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const operations = [{ text: TITLE, operationName: 'Title', uses: 7 }];
  const inner = join(directory, 'inner');

  expect(await loadOperations(inner, 'public')).toEqual([]);
  await storeOperations(inner, 'public', operations);
  expect(await loadOperations(inner, 'public')).toEqual(operations);
  expect(await loadOperations(inner, 'seller')).toEqual([]);
  expect(await readdir(inner)).toEqual(['public.json']);
  for (const broken of ['[{"text":', '[{"text": 1}]', '']) {
    await writeFile(join(inner, 'public.json'), broken);
    expect(await loadOperations(inner, 'public')).toEqual([]);
  }
});
