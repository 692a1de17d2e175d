import { expect, test } from 'vitest';
import type { Variables } from '../../execution/operations.ts';
import { costModel } from './cost-model.ts';
import { shopGraph } from './shop.fixture.ts';
import { readWeights } from './weights.ts';

const { graph, read } = shopGraph();
const model = costModel(graph);
const cost = (text: string, variables: Variables = {}) => model.requested(read(text), variables);

test.for([
  ['a scalar is free', '{ plain }', 0],
  ['an object is one', '{ shop { name } }', 1],
  ['a weight on a field stands instead of that of its type', '{ dear { name } count }', 53],
  ['a weight on an object type counts for each', '{ shop { featured { name } } }', 1 + 3 * 2],
  ['a weight on an enum counts for each', '{ shop { mood } }', 8],
  ['the type name is free', '{ __typename shop { __typename } }', 1],
  ['a list in a list has the default length twice', '{ shelves { name } }', 100],
  [
    'a list without a size has the default length',
    '{ shop { featured { reviews { text } } } }',
    37,
  ],
  [
    'introspection has one price',
    '{ __schema { types { fields { name } } } __type(name: "A") { name } }',
    200,
  ],
  ['a write is ten more, for each', 'mutation { a: rename { id } b: rename { id } }', 22],
  ['signing in costs what it says, and the write', 'mutation { signIn { id } }', 1010],
  ['a subscription is ten to start', 'subscription { shopChanged { name } }', 11],
  [
    'an input object is one, and its fields as they say',
    '{ search(filter: { price: 1, or: [{ text: "a" }, { price: 2 }] }) }',
    13,
  ],
  ['an argument is weighed for each of its items', '{ search(tags: ["a", "b", "c"]) }', 6],
  ['an argument that is null costs nothing', '{ search(filter: null, tags: null) }', 0],
] as const)('%s', ([, text, expected]) => {
  expect(cost(text)).toBe(expected);
});

test.for([
  ['the first page', '{ shop { products(first: 7) { nodes { name } } } }', 2 + 7 * 2],
  ['the last page', '{ shop { products(last: 3) { nodes { name } } } }', 2 + 3 * 2],
  ['no size said', '{ shop { products { nodes { name } } } }', 2 + 20 * 2],
  ['null for a size', '{ shop { products(first: null) { nodes { name } } } }', 2 + 20 * 2],
  [
    'edges as well',
    '{ shop { products(first: 7) { edges { node { id } } total } } }',
    2 + 7 * 3 + 4,
  ],
  ['a default in the schema', '{ shop { latest { name } } }', 1 + 5 * 2],
  ['a page of less than nothing', '{ shop { latest(first: -4) { name } } }', 1],
] as const)('a list is as long as its slicing arguments say: %s', ([, text, expected]) => {
  expect(cost(text)).toBe(expected);
});

test('sizes, inputs and conditions are read from the variables and their defaults', () => {
  const text = `query ($n: Int = 4, $filter: Filter, $price: Int, $deep: Boolean = false) {
    shop { products(first: $n) { nodes { name } } }
    search(filter: $filter)
    other: search(filter: { price: $price })
    dear @include(if: $deep) { name }
  }`;
  expect(cost(text)).toBe(2 + 4 * 2 + 0 + 1);
  expect(cost(text, { n: 10 })).toBe(2 + 10 * 2 + 1);
  expect(cost(text, { n: null })).toBe(2 + 20 * 2 + 1);
  expect(cost(text, { filter: { price: 3 } })).toBe(2 + 4 * 2 + 6 + 1);
  expect(cost(text, { price: 3 })).toBe(2 + 4 * 2 + 6);
  expect(cost(text, { deep: true })).toBe(2 + 4 * 2 + 1 + 50);
});

test('a variable named like a property of every object has its default, too', () => {
  const text = `query ($constructor: Boolean = true, $toString: Int = 10) {
    shop { products(first: $toString) { nodes { name } } }
    dear @include(if: $constructor) { name }
  }`;
  expect(cost(text)).toBe(2 + 10 * 2 + 50);
  expect(cost(text, { constructor: false, toString: 5 })).toBe(2 + 5 * 2);
});

test.for(['@skip(if: $it)', '@include(if: $it)'])(
  'what stands under %s is counted where the variable is null, whatever its default',
  (condition) => {
    for (const preset of [true, false]) {
      const text = `query ($it: Boolean = ${preset}) { dear ${condition} { name } }`;
      expect(cost(text, { it: null })).toBe(50);
    }
  },
);

test('fields that merge in the answer count once, also through fragments', () => {
  const text = `{
    shop { featured { name } ...A ...B }
    shop { featured { id } }
    ...Q
  }
  fragment A on Shop { featured { name } mood }
  fragment B on Shop { featured { shop { name } } }
  fragment Q on Query { shop { mood } }`;
  expect(cost(text)).toBe(1 + 7 + 3 * (2 + 1));
});

test('a merged field is asked for while one of its conditions holds, with what that one selects', () => {
  const text = `query ($a: Boolean!, $b: Boolean!) {
    shop @include(if: $a) { mood }
    shop @skip(if: $b) { name featured { id } }
    dear @skip(if: true) { id }
  }`;
  expect(cost(text, { a: true, b: true })).toBe(8);
  expect(cost(text, { a: false, b: false })).toBe(7);
  expect(cost(text, { a: true, b: false })).toBe(14);
  expect(cost(text, { a: false, b: true })).toBe(0);
});

test('of the types that an object may be of, the dearest counts', () => {
  const text = `{ things {
    ... on Shop { mood }
    ... on Product { reviews { stars } }
    ... on Node { id }
  } }`;
  // A thing is 1; a product of it has ten reviews of 1 with stars of 1, a shop a mood of 7.
  expect(cost(text)).toBe(4 * (1 + 10 * 2));
});

test('a field that needs one slicing argument refuses none and two', () => {
  const of = (text: string, variables: Variables = {}) =>
    model.slicingErrors(read(text), variables).map(({ extensions }) => extensions['actual']);
  const text = 'query ($a: Int, $b: Int) { shop { products(first: $a, last: $b) { total } } }';
  expect(of('{ shop { products { total } } }')).toEqual([0]);
  expect(of(text, { a: 1, b: 1 })).toEqual([2]);
  expect(of(text, { a: 1 })).toEqual([]);
  expect(of('{ shop { latest { id } } }')).toEqual([]);
  expect(of('{ shop @skip(if: true) { products { total } } }')).toEqual([]);
});

test('an operation above the maximum is refused with what costs most', () => {
  const operation = read(
    '{ shop { products(first: 100) { nodes { name reviews { stars } } } mood } }',
  );
  const refusal = model.refusal(operation, {}, 1_000);
  expect(refusal?.extensions).toEqual({
    code: 'COST_TOO_HIGH',
    limit: 1_000,
    maximum: 1_000,
    actual: 2 + 7 + 100 * (2 + 10 * 2),
    requested: 2 + 7 + 100 * (2 + 10 * 2),
    fields: [
      { coordinate: 'Product.reviews', count: 1_000, cost: 1_000 },
      { coordinate: 'Review.stars', count: 1_000, cost: 1_000 },
      { coordinate: 'Products.nodes', count: 100, cost: 200 },
      { coordinate: 'Shop.mood', count: 1, cost: 7 },
      { coordinate: 'Query.shop', count: 1, cost: 1 },
    ],
  });
  expect(refusal?.message).toContain('may cost 2209, at most 1000 is allowed');
  expect(model.refusal(operation, {}, 2_209)).toBeNull();
});

/**
 * For each level and type a chain of its own that goes on to the end only through that type: what is
 * asked of the last object depends on the types of all before it, and there are 2^levels such paths.
 */
function entangled(levels: number): string {
  const chain = (at: number, type: string): string => {
    let text = 'id';
    for (let level = levels; level > 0; level -= 1) {
      text = level === at ? `... on ${type} { next { ${text} } }` : `next { ${text} }`;
    }
    return text;
  };
  const chains = Array.from({ length: levels }, (_, at) =>
    ['Shop', 'Product'].map((type) => chain(at + 1, type)),
  );
  return `{ node { ${chains.flat().join(' ')} } }`;
}

test('an operation over more combinations of types than can be told costs more than any maximum', () => {
  const startedAt = performance.now();
  const operation = read(entangled(12));
  const readAt = performance.now();
  expect(model.requested(operation, {})).toBe(Number.POSITIVE_INFINITY);
  expect(model.refusal(operation, {}, 5_000)?.message).toContain('cannot be told');
  expect(model.actual(operation, {}, { node: {} })).toBe(0);
  expect(performance.now() - readAt).toBeLessThan(1_000 + (readAt - startedAt));
});

test('what a null or a failed answer costs', () => {
  const operation = read('mutation { signIn { id featured { name } } }');
  expect(model.actual(operation, {}, { signIn: null })).toBe(1_010);
  expect(model.actual(operation, {}, null)).toBe(1_010);
  expect(model.actual(operation, {}, undefined)).toBe(0);
});

test('an answer costs what is in it', () => {
  const operation = read(`query ($skip: Boolean = true) {
    shop { products(first: 50) { nodes { name reviews { stars } } total } }
    dear @skip(if: $skip) { id }
    shelves { name }
    things { __typename ... on Shop { mood } ... on Product { reviews { text } } }
  }`);
  const data = {
    shop: {
      products: {
        nodes: [
          { name: 'a', reviews: [{ stars: 1 }, { stars: null }] },
          { name: 'b', reviews: [] },
        ],
        total: 2,
      },
    },
    shelves: [[{ name: 'a' }, { name: 'b' }], []],
    things: [
      { __typename: 'Shop', mood: 'GOOD' },
      { __typename: 'Product', reviews: [{}] },
    ],
  };
  const nodes = 2 * 2 + 2 * 2;
  expect(model.actual(operation, {}, data)).toBe(2 + nodes + 4 + 2 + (2 + 7 + 1));
});

test('an object of unknown type counts the least that it can be', () => {
  const operation = read(
    '{ any { ... on Shop { x: featured { name } } ... on Product { x: reviews { text } } } }',
  );
  expect(model.actual(operation, {}, { any: { x: [{}, {}] } })).toBe(1 + 2 * 1);
});

test('weights are read by whatever name the supergraph gives the directives', () => {
  const sdl = (links: string, body: string) =>
    `schema @link(url: "https://specs.apollo.dev/link/v1.0") ${links} { query: Query } ${body}`;
  const spec = 'https://specs.apollo.dev/cost/v0.1';
  const renamed = readWeights(
    sdl(
      `@link(url: "${spec}", import: [{ name: "@cost", as: "@price" }, { name: "@listSize", as: "@long" }])`,
      `type Query { a(n: Int @price(weight: 3)): [A] @price(weight: 7) @long(assumedSize: 4) @cost(weight: 9) }
       type A @price(weight: "2.5") { b: Int }`,
    ),
  );
  expect([...renamed.weights]).toEqual([
    ['Query.a', 7],
    ['Query.a(n:)', 3],
    ['A', 2.5],
  ]);
  expect(renamed.listSizes.get('Query.a')).toEqual({
    assumedSize: 4,
    slicingArguments: [],
    sizedFields: [],
    requireOneSlicingArgument: true,
  });
  const prefixed = readWeights(
    sdl(
      `@link(url: "${spec}", as: "toll")`,
      'type Query { a: [Int] @toll(weight: 7) @toll__listSize(assumedSize: 4) }',
    ),
  );
  expect(prefixed.weights.get('Query.a')).toBe(7);
  expect(prefixed.listSizes.get('Query.a')?.assumedSize).toBe(4);
});
