import fc from 'fast-check';
import type { ExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import { countingOf } from '../../test/random/entity-numbers.ts';
import { fakeSubgraph } from '../../test/random/fake-subgraph.ts';
import { hostileSupergraph } from '../../test/random/hostile-graph.ts';
import { randomOperation } from '../../test/random/random-document.ts';
import {
  catalogOf,
  engineOver,
  guest,
  otherProductId,
  productId,
  shopsOf,
  silent,
} from '../../test/small-graph.ts';
import { openEngine } from '../execution/engine.ts';
import { loadGraph } from '../execution/graph.ts';
import { operationReader } from '../execution/operations.ts';
import { isStream } from '../execution/source.ts';
import type { IncrementalItem, IncrementalPayload } from './incremental.ts';

const graph = loadGraph(hostileSupergraph());
const subgraphs = [...graph.supergraph.subgraphs()].map(({ name, schema }) => ({
  name,
  schema: schema.toGraphQLJSSchema(),
}));
const counting = countingOf(subgraphs.map(({ schema }) => schema));

/** The hostile graph over subgraphs that tell the same however they are asked. */
function hostile(seed = 1) {
  const sources = new Map(
    subgraphs.map((subgraph) => [
      subgraph.name,
      fakeSubgraph({ ...subgraph, counting, seed, trouble: 0 }),
    ]),
  );
  const reader = operationReader(graph.schema);
  return {
    engine: openEngine(graph, sources, silent),
    read(text: string) {
      const operation = reader(text);
      if (!('document' in operation)) throw new Error(operation.map(String).join('\n'));
      return operation;
    },
  };
}

async function partsOf(
  answer: ExecutionResult | AsyncGenerator<IncrementalPayload, void, void>,
): Promise<readonly IncrementalPayload[]> {
  if (!isStream(answer)) return [{ ...answer, hasNext: false }];
  const parts: IncrementalPayload[] = [];
  for await (const part of answer) parts.push(part);
  return parts;
}

const itemsOf = (parts: readonly IncrementalPayload[]): readonly IncrementalItem[] =>
  parts.flatMap((part) => ('incremental' in part ? (part.incremental ?? []) : []));

type Tree = Record<string | number, unknown>;

/** Puts the parts together as a client does; a part whose place is not there is a failure. */
function assembled(parts: readonly IncrementalPayload[]): unknown {
  const [first] = parts;
  const data = structuredClone(first && 'data' in first ? first.data : null);
  for (const { path, data: part } of itemsOf(parts)) {
    let target = data as Tree;
    for (const step of path) target = target[step] as Tree;
    if (typeof target !== 'object' || target === null) throw new Error(`nothing at ${path}`);
    fill(target, structuredClone(part) as Tree);
  }
  return data;
}

function fill(target: Tree, part: Tree): void {
  for (const [key, value] of Object.entries(part)) {
    const known = target[key];
    if (typeof known === 'object' && known && typeof value === 'object' && value) {
      fill(known as Tree, value as Tree);
    } else target[key] = value;
  }
}

test('the parts of any operation make the answer that comes at once', async () => {
  let streams = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), async (documentSeed, seed) => {
      const { text, variables } = randomOperation(graph.schema, documentSeed, 'query', {
        defers: true,
      });
      const { engine } = hostile(seed);
      const operation = operationReader(graph.schema)(text);
      fc.pre('document' in operation && engine.prepare(operation));
      const request = { operation, variables };
      const whole = await engine.execute({ ...request, scope: guest() });
      fc.pre(whole.errors === undefined);
      const answer = await engine.executeDeferring({ ...request, scope: guest() });
      if (isStream(answer)) streams += 1;
      const parts = await partsOf(answer);
      expect(assembled(parts), text).toEqual(whole.data);
      expect(parts.map(({ hasNext }) => hasNext)).toEqual(
        parts.map((_part, index) => index < parts.length - 1),
      );
    }),
    {
      // Plans that lost a part in a fragment on a union, and conditions around one.
      examples: [
        [701_855, 523_525_367],
        [1_311, 520_886_455],
      ],
      numRuns: 100,
      interruptAfterTimeLimit: 4_000,
      endOnFailure: true,
    },
  );
  expect(streams).toBeGreaterThan(0);
}, 30_000);

/** Shops answer only when they are let. */
function slowShops(resolvers: object = {}) {
  const gate = Promise.withResolvers<void>();
  const shops = shopsOf({
    Shop: {
      __resolveReference: (ref: object) => gate.promise.then(() => ref),
      name: () => 'Batik House',
      motto: () => 'Slow',
      ...resolvers,
    },
  });
  const { engine, read } = engineOver([catalogOf(), shops]);
  const ask = (text: string, variables: Record<string, unknown> = {}) =>
    engine.executeDeferring({ operation: read(text), variables, scope: guest() });
  return { gate, engine, read, ask };
}

const PAGE = `query ($later: Boolean! = true) {
  __typename
  products { title ... @defer(label: "shop", if: $later) { shop { name } } }
}`;

test('what is not deferred comes while the rest is still asked for', async () => {
  const { gate, ask } = slowShops();
  const answer = await ask(PAGE);
  if (!isStream(answer)) throw new Error('it came at once');
  const title = (id: string) => ({ title: `Title of ${id}` });
  expect((await answer.next()).value).toEqual({
    data: { __typename: 'Query', products: [title(productId), title(otherProductId)] },
    hasNext: true,
  });
  gate.resolve();
  const shop = { shop: { name: 'Batik House' } };
  expect((await answer.next()).value).toEqual({
    incremental: [
      { label: 'shop', path: ['products', 0], data: shop },
      { label: 'shop', path: ['products', 1], data: shop },
    ],
    hasNext: false,
  });
  expect((await answer.next()).done).toBe(true);
});

test('an operation that defers nothing, or not with these variables, is answered at once', async () => {
  const { gate, ask, engine, read } = slowShops();
  gate.resolve();
  expect(isStream(await ask('{ products { title } }'))).toBe(false);
  const atOnce = await ask(PAGE, { later: false });
  const same = await engine.execute({ operation: read(PAGE), variables: {}, scope: guest() });
  expect(same).toEqual(atOnce);
  expect(same.data?.['products']).toMatchObject([{ shop: { name: 'Batik House' } }, {}]);
});

test('a part that fails tells its errors itself and leaves the rest as it is', async () => {
  const { gate, ask } = slowShops({
    name: () => {
      throw new Error('connect ECONNREFUSED');
    },
  });
  gate.resolve();
  const text = `{ product(id: "${productId}") { title ... @defer { shop { name } } } }`;
  const parts = await partsOf(await ask(text));
  expect(parts[0]).toEqual({
    data: { product: { title: `Title of ${productId}` } },
    hasNext: true,
  });
  const [item] = itemsOf(parts);
  expect(item).toMatchObject({ path: ['product'], data: { shop: null } });
  expect(item?.errors?.map((error) => error.toJSON())).toEqual([
    {
      message: 'Something went wrong on our side.',
      path: ['product', 'shop', 'name'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'test', serviceName: 'shops' },
    },
  ]);
});

test('a part whose place is not there does not come, and the answer ends', async () => {
  const { gate, ask } = slowShops();
  gate.resolve();
  const parts = await partsOf(
    await ask('{ product(id: "nobody") { title ... @defer { shop { name } } } }'),
  );
  expect(parts).toEqual([{ data: { product: null }, hasNext: true }, { hasNext: false }]);
});

test('a part within a part comes after it', async () => {
  const { gate, ask } = slowShops();
  const answer = ask(`{ products {
    ... @defer(label: "outer") { bestOfShop shop { id ... @defer(label: "inner") { name } } }
  } }`);
  gate.resolve();
  const labels = itemsOf(await partsOf(await answer)).map(({ label, path }) => [label, ...path]);
  expect(labels).toEqual([
    ['outer', 'products', 0],
    ['outer', 'products', 1],
    ['inner', 'products', 0, 'shop'],
    ['inner', 'products', 1, 'shop'],
  ]);
});

test('conditions around a deferred part count for what is not deferred beside it', async () => {
  const { engine, read } = hostile(3);
  const text = `query ($no: Boolean!) {
    media { best { about {
      __typename title ... on Book @include(if: $no) {
        pages best { author { __typename ... @defer { name } } }
      }
    } } }
  }`;
  const operation = read(text);
  const request = { operation, variables: { no: false }, scope: guest() };
  const whole = await engine.execute(request);
  const parts = await partsOf(await engine.executeDeferring(request));
  expect(JSON.stringify(whole.data)).toContain('Book');
  expect(assembled(parts)).toEqual(whole.data);
});

test('a part within a part is fetched where the part around it has brought its place', async () => {
  const { engine, read } = hostile();
  const text = `{ ... @defer { person(id: "id-1") { favourite { buyer { pets {
    ... on Cat @defer { owner { ... @defer { name } } }
    ... on Dog @defer { owner { ... @defer { name } } }
  } } } } } }`;
  const request = { operation: read(text), variables: {}, scope: guest() };
  const whole = await engine.execute(request);
  const parts = await partsOf(await engine.executeDeferring(request));
  expect(JSON.stringify(whole.data)).toContain('Person:');
  expect(assembled(parts)).toEqual(whole.data);
});

test('each part has the label that the client gave it, wherever its fragment is spread', async () => {
  const { gate, ask } = slowShops();
  gate.resolve();
  const parts = await partsOf(
    await ask(`{ products { ...P ... @defer { bestOfShop } } product(id: "${productId}") { ...P } }
      fragment P on Product { id ... @defer(label: "shop") { shop { name } } }`),
  );
  const items = itemsOf(parts).map(({ label, path, data }) => [label, path.join('.'), data]);
  const shop = { shop: { name: 'Batik House' } };
  expect(items).toHaveLength(5);
  expect(items).toEqual(
    expect.arrayContaining([
      ['shop', 'products.0', shop],
      ['shop', 'products.1', shop],
      ['shop', 'product', shop],
      [undefined, 'products.0', { bestOfShop: true }],
      [undefined, 'products.1', { bestOfShop: true }],
    ]),
  );
});

test('a part that is there first waits for what it belongs in', async () => {
  const { gate, ask } = slowShops();
  const answer = ask('{ products { shop { name } ... @defer { title } } }');
  // The catalog has answered both by then, and shops have not.
  await new Promise((resolve) => setImmediate(resolve));
  gate.resolve();
  const parts = await partsOf(await answer);
  const product = { shop: { name: 'Batik House' } };
  expect(parts[0]).toEqual({ data: { products: [product, product] }, hasNext: true });
  expect(itemsOf(parts).map(({ data }) => data)).toEqual([
    { title: `Title of ${productId}` },
    { title: `Title of ${otherProductId}` },
  ]);
});

test('the schema and its types come with the first part', async () => {
  const { gate, ask } = slowShops();
  gate.resolve();
  const parts = await partsOf(
    await ask(
      '{ __type(name: "Shop") { ...T } ... @defer { products { id } } } fragment T on __Type { kind }',
    ),
  );
  expect(parts[0]).toEqual({ data: { __type: { kind: 'OBJECT' } }, hasNext: true });
  expect(itemsOf(parts)).toMatchObject([{ path: [], data: { products: [{}, {}] } }]);
});

test('a client that goes away in between leaves nothing behind that fails', async () => {
  const { gate, ask } = slowShops();
  const answer = await ask(PAGE);
  if (!isStream(answer)) throw new Error('it came at once');
  await answer.next();
  await answer.return();
  gate.resolve();
  expect((await answer.next()).done).toBe(true);
});
