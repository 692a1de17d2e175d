import fc from 'fast-check';
import {
  execute,
  type GraphQLFieldResolver,
  type GraphQLTypeResolver,
  getNamedType,
  isListType,
  isNonNullType,
} from 'graphql';
import { expect, test } from 'vitest';
import { costModel } from './cost-model.ts';
import { shopGraph } from './shop.fixture.ts';

const { graph, read } = shopGraph();
const model = costModel(graph);

interface Choice {
  /** What is selected of objects of each type, by a name of the schema. */
  readonly text: string;
}

/** Selections on a type, as texts; `depth` is what is left. */
const selections: Record<string, (depth: number) => fc.Arbitrary<string>> = {
  Shop: (depth) =>
    some(depth, ['id', 'name', 'mood', 'n: name'], {
      next: ['next', 'Node'],
      'twin @include(if: $yes)': ['twin', 'Node'],
      featured: ['featured', 'Product'],
      'products(first: $n)': ['products', 'Products'],
      'more: products(last: 2)': ['more', 'Products'],
      latest: ['latest', 'Product'],
    }),
  Product: (depth) =>
    some(depth, ['id', 'name', 'tags'], {
      next: ['next', 'Node'],
      'shop @skip(if: $no)': ['shop', 'Shop'],
      reviews: ['reviews', 'Review'],
    }),
  Products: (depth) =>
    some(depth, ['total'], { nodes: ['nodes', 'Product'], edges: ['edges', 'Edge'] }),
  Edge: (depth) => some(depth, ['cursor'], { node: ['node', 'Product'] }),
  Review: () => fc.constantFrom('text', 'stars', 'text stars'),
  Node: (depth) =>
    some(depth, ['id', '__typename'], {
      next: ['next', 'Node'],
      twin: ['twin', 'Node'],
      '... on Shop': ['...', 'Shop'],
      '... on Product': ['...', 'Product'],
    }),
  Thing: (depth) =>
    some(depth, ['__typename'], {
      '... on Shop': ['...', 'Shop'],
      '... on Product': ['...', 'Product'],
      '... on Node': ['...', 'Node'],
    }),
};

function some(
  depth: number,
  leaves: readonly string[],
  inner: Record<string, readonly [string, string]>,
): fc.Arbitrary<string> {
  const leaf = fc.constantFrom(...leaves);
  if (depth === 0) return leaf;
  const branches = Object.entries(inner).map(([head, [, type]]) =>
    (selections[type]?.(depth - 1) ?? leaf).map((body) => `${head} { ${body} }`),
  );
  return fc
    .array(fc.oneof(leaf, ...branches), { minLength: 1, maxLength: 3 })
    .map((parts) => [leaves[0], ...parts].join(' '));
}

const operations: fc.Arbitrary<Choice> = fc
  .array(
    fc.oneof(
      (selections['Shop']?.(3) ?? fc.constant('id')).map((body) => `shop { ${body} }`),
      (selections['Thing']?.(3) ?? fc.constant('id')).map((body) => `things { ${body} }`),
      (selections['Node']?.(3) ?? fc.constant('id')).map((body) => `node { ${body} }`),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => ({
    text: `query ($n: Int = 3, $yes: Boolean!, $no: Boolean!) { q: plain ... @include(if: $yes) { plain } c: count @skip(if: $no) ${parts.join(' ')} p: shop { products(first: $n) { total } } }`,
  }));

/** Answers whatever is asked by chance: lists within their limits, nulls where they may be. */
function byChance(random: () => number) {
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) => {
    const type = isNonNullType(info.returnType) ? info.returnType.ofType : info.returnType;
    if (info.fieldName === 'products') {
      return { size: args['first'] ?? args['last'] ?? 20 };
    }
    if (isListType(type)) {
      const sizes: Record<string, number> = { things: 4, featured: 3, latest: args['first'] ?? 0 };
      const ofParent = (source as { size?: number } | undefined)?.size;
      const most = sizes[info.fieldName] ?? ofParent ?? 10;
      return Array.from({ length: Math.floor(random() * (most + 1)) }, () =>
        getNamedType(type).name === 'String' ? 'text' : {},
      );
    }
    if (!isNonNullType(info.returnType) && random() < 0.2) return null;
    const leaves: Record<string, unknown> = { Int: 1, String: 'text', ID: 'id', Mood: 'GOOD' };
    return leaves[getNamedType(type).name] ?? {};
  };
  const typeResolver: GraphQLTypeResolver<unknown, unknown> = () =>
    random() < 0.5 ? 'Shop' : 'Product';
  return { fieldResolver, typeResolver };
}

const variables = fc.record({
  n: fc.integer({ min: 0, max: 6 }),
  yes: fc.boolean(),
  no: fc.boolean(),
});
const seeds = fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true }));

/** Texts whose fields of one name would conflict are not operations. */
const tryRead = (text: string) => {
  try {
    return read(text);
  } catch {
    return null;
  }
};

test('no answer within its limits costs more than was requested, and every cost has its place', async () => {
  let told = 0;
  await fc.assert(
    fc.asyncProperty(operations, variables, seeds, async ({ text }, given, chances) => {
      const operation = tryRead(text);
      if (!operation) return;
      told += 1;
      const requested = model.requested(operation, given);
      const { data, errors } = await execute({
        schema: graph.schema,
        document: operation.document,
        variableValues: given,
        ...byChance(() => chances.next().value),
      });
      expect(errors).toBeUndefined();
      const actual = model.actual(operation, given, data);
      expect(actual).toBeGreaterThanOrEqual(0);
      expect(actual).toBeLessThanOrEqual(requested);
      const places = model.explain(operation, given);
      expect(places.reduce((sum, { cost }) => sum + cost, 0)).toBe(requested);
    }),
    { numRuns: 300 },
  );
  expect(told).toBeGreaterThan(100);
});

test('a cost never falls when more is asked for: longer pages, conditions that hold, further fields', () => {
  fc.assert(
    fc.property(operations, variables, fc.integer({ min: 0, max: 9 }), ({ text }, given, more) => {
      const operation = tryRead(text);
      const wider = tryRead(text.replace('q: plain', 'extra: dear { name }'));
      if (!operation || !wider) return;
      const cost = model.requested(operation, given);
      expect(model.requested(operation, { ...given, n: given.n + more })).toBeGreaterThanOrEqual(
        cost,
      );
      expect(model.requested(operation, { ...given, yes: true, no: false })).toBeGreaterThanOrEqual(
        cost,
      );
      expect(model.requested(wider, given)).toBe(cost + 50);
    }),
    { numRuns: 200 },
  );
});
