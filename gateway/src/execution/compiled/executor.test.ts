import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import {
  catalogOf,
  engineOver,
  guest,
  otherProductId,
  productId,
  type SmallSubgraph,
  shopId,
  shopsOf,
  small,
} from '../../../test/small-graph.ts';
import { type SubgraphAnswer, type SubgraphSource, sourceOf } from '../source.ts';

/** A subgraph that answers as told, and remembers what it was asked. */
function recording(name: string, answer: (variables: Record<string, unknown>) => SubgraphAnswer) {
  const asked: { readonly document: string; readonly variables: Record<string, unknown> }[] = [];
  const source: SubgraphSource = sourceOf({
    name,
    prepare:
      ({ document }) =>
      (variables) => {
        asked.push({ document, variables });
        return answer(variables);
      },
    subscribe: async () => ({ errors: [] }),
    close: async () => {},
  });
  return { source, asked };
}

const ask = async (
  parts: readonly SmallSubgraph[],
  given: readonly SubgraphSource[],
  text: string,
  variables: Record<string, unknown> = {},
) => {
  const { engine, read } = engineOver(parts, given);
  return engine.execute({ operation: read(text), variables, scope: guest() });
};

const shopEntity = { __typename: 'Shop', id: shopId };

test('entities that are equal are asked for once and answered at each place', async () => {
  const { source, asked } = recording('shops', () => ({
    data: { _entities: [{ name: 'Batik House' }] },
  }));
  const { data } = await ask([catalogOf(), shopsOf()], [source], '{ products { shop { name } } }');
  expect(asked.map(({ variables }) => variables)).toEqual([{ representations: [shopEntity] }]);
  const product = { shop: { name: 'Batik House' } };
  expect(data).toEqual({ products: [product, product] });
});

test('an error of an entity is told at each place where the entity stands', async () => {
  const { source } = recording('shops', () => ({
    data: { _entities: [null] },
    errors: [{ message: 'Closed.', path: ['_entities', 0, 'motto'], extensions: { code: 'GONE' } }],
  }));
  const { errors } = await ask(
    [catalogOf(), shopsOf()],
    [source],
    '{ products { shop { motto } } }',
  );
  expect(errors?.map((error) => error.toJSON())).toEqual(
    [0, 1].map((index) => ({
      message: 'Closed.',
      path: ['products', index, 'shop', 'motto'],
      extensions: { code: 'GONE', serviceName: 'shops' },
    })),
  );
});

test('an error that names no entity is told where the list of them begins', async () => {
  const { source } = recording('shops', () => ({
    errors: [{ message: 'No.', path: ['_entities'], extensions: { code: 'GONE' } }],
  }));
  const { errors } = await ask([catalogOf(), shopsOf()], [source], '{ products { bestOfShop } }');
  expect(errors?.map(({ path }) => path)).toEqual([['products']]);
});

test('among entities of several types, an error finds the one it is about', async () => {
  const mixed = small(
    'catalog',
    `type Query { found: [Found] }
     union Found = Product | Shop
     type Product @key(fields: "id", resolvable: false) { id: ID! }
     type Shop @key(fields: "id", resolvable: false) { id: ID! }`,
    {
      Query: {
        found: () => [
          { ...shopEntity },
          null,
          { __typename: 'Product', id: productId },
          { __typename: 'Product', id: otherProductId },
        ],
      },
    },
  );
  const shops = shopsOf({
    Product: {
      __resolveReference: (ref: object) => ref,
      bestOfShop({ id }: { id: string }) {
        if (id !== otherProductId) return true;
        throw new GraphQLError('Not this one.', { extensions: { code: 'FORBIDDEN' } });
      },
    },
  });
  const text = '{ found { __typename ... on Product { bestOfShop } } }';
  const { data, errors } = await ask([mixed, shops], [], text);
  expect(errors?.map(({ path }) => path)).toEqual([['found', 3, 'bestOfShop']]);
  expect(data).toEqual({
    found: [
      { __typename: 'Shop' },
      null,
      { __typename: 'Product', bestOfShop: true },
      { __typename: 'Product', bestOfShop: null },
    ],
  });
});

test('fetches that start together at one subgraph are one request', async () => {
  const shops = shopsOf();
  const { source, asked } = recording('shops', ({ ...variables }) => ({
    data: Object.fromEntries(
      Object.entries(variables).map(([name, list]) => [
        name.replace('representations', '_entities'),
        (list as readonly unknown[]).map(() => ({ bestOfShop: true, name: 'Batik House' })),
      ]),
    ),
  }));
  const text = `{ products { bestOfShop shop { name } } product(id: "${productId}") { bestOfShop } }`;
  const { data, errors } = await ask([catalogOf(), shops], [source], text);
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    products: [{ bestOfShop: true, shop: { name: 'Batik House' } }, { bestOfShop: true }],
    product: { bestOfShop: true },
  });
  expect(asked).toHaveLength(1);
  // What is asked of products at two places is asked once, of each product.
  expect(Object.values(asked[0]?.variables ?? {}).map((list) => (list as []).length)).toEqual(
    expect.arrayContaining([2, 1]),
  );
});

test('of fetches that would be one request, one alone is asked as planned', async () => {
  const catalog = catalogOf({
    Query: { product: () => null, products: () => [{ id: productId }] },
  });
  const { source, asked } = recording('shops', () => ({ data: { _entities: [{}] } }));
  const text = '{ products { bestOfShop } product(id: "x") { shop { motto } } }';
  await ask([catalog, shopsOf()], [source], text);
  expect(asked.map(({ variables }) => variables)).toEqual([
    { representations: [{ __typename: 'Product', id: productId }] },
  ]);
});

test('a missing value is told where it is missing, once, and only where nothing explains it', async () => {
  const given = [{ name: 'A' }, {}, { name: null }];
  const catalog = catalogOf({
    Query: { products: () => given.map((_shop, index) => ({ id: `prd_${index}` })) },
    Product: { title: () => 'T', shop: ({ id }: { id: string }) => ({ id: `shp_${id}` }) },
  });
  const { source } = recording('shops', () => ({ data: { _entities: given } }));
  const { data, errors } = await ask(
    [catalog, shopsOf()],
    [source],
    '{ products { shop { name } } }',
  );
  expect(data).toEqual({ products: [{ shop: { name: 'A' } }, { shop: null }, { shop: null }] });
  expect(errors?.map(({ path, extensions }) => [path, extensions['code']])).toEqual([
    [['products', 1, 'shop', 'name'], 'VALUE_MISSING'],
    [['products', 2, 'shop', 'name'], 'VALUE_MISSING'],
  ]);
});

test.each([
  ['a number where an object belongs', { product: 7 }],
  ['a list where an object belongs', { product: [{ title: 'T' }] }],
  ['an object where a text belongs', { product: { title: {} } }],
])('%s is null with an error, and costs nothing else', async (_case, product) => {
  const { source } = recording('catalog', () => ({ data: { ...product, products: [] } }));
  const text = '{ product(id: "1") { title } products { id } }';
  const { data, errors } = await ask([catalogOf(), shopsOf()], [source], text);
  expect(data).toEqual({ product: null, products: [] });
  expect(errors?.[0]?.extensions['code']).toBe('VALUE_MISSING');
});

test.each([
  ['too few entities', { _entities: [] }],
  ['no list of entities', { _entities: 'many' }],
])('an answer with %s is unusable, and the subgraph is named', async (_case, answer) => {
  const { source } = recording('shops', () => ({ data: answer }));
  const text = '{ products { id bestOfShop } }';
  const { data, errors } = await ask([catalogOf(), shopsOf()], [source], text);
  expect(data?.['products']).toMatchObject([{ bestOfShop: null }, { bestOfShop: null }]);
  expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
    { code: 'SUBGRAPH_ANSWER_INVALID', serviceName: 'shops' },
  ]);
});

test('the name of an interface does not replace the type of an entity', async () => {
  const { source } = recording('shops', () => ({
    data: { _entities: [{ __typename: 'Node', name: 'Batik House' }] },
  }));
  const text = '{ products { shop { __typename name } } }';
  const { data } = await ask([catalogOf(), shopsOf()], [source], text);
  const product = { shop: { __typename: 'Shop', name: 'Batik House' } };
  expect(data).toEqual({ products: [product, product] });
});

test('names that every object has are aliases like any other', async () => {
  const text = `{ product(id: "${productId}") {
    __proto__: shop { constructor: name } toString: title hasOwnProperty: shop { name }
  } }`;
  const { source } = recording('catalog', () =>
    // As JSON comes, with a property of that name of its own.
    JSON.parse(`{ "data": { "product": {
      "__typename": "Product", "toString": "T",
      "__proto__": ${JSON.stringify(shopEntity)}, "hasOwnProperty": ${JSON.stringify(shopEntity)}
    } } }`),
  );
  const shops = recording('shops', (variables) => ({
    data: Object.fromEntries(
      Object.entries(variables).map(([name, list]) => [
        name.replace('representations', '_entities'),
        (list as []).map(() => ({ constructor: 'Batik House', name: 'Batik House' })),
      ]),
    ),
  }));
  const { data } = await ask([catalogOf(), shopsOf()], [source, shops.source], text);
  expect(JSON.stringify(data)).toBe(
    '{"product":{"__proto__":{"constructor":"Batik House"},"toString":"T","hasOwnProperty":{"name":"Batik House"}}}',
  );
  expect(({} as Record<string, unknown>)['name']).toBeUndefined();
});

test('keys come in the order of the document, whatever is left out', async () => {
  const text = `query ($yes: Boolean!) { product(id: "${productId}") {
    id @include(if: $yes) title id
  } }`;
  const keys = async (yes: boolean) => {
    const { data } = await ask([catalogOf(), shopsOf()], [], text, { yes });
    return Object.keys(Object(data?.['product']));
  };
  expect(await keys(true)).toEqual(['id', 'title']);
  expect(await keys(false)).toEqual(['title', 'id']);
});

test('a condition that is null is refused before any subgraph is asked', async () => {
  const { source, asked } = recording('catalog', () => ({ data: { products: [] } }));
  const text = 'query ($yes: Boolean = true) { products { id @include(if: $yes) } }';
  const { errors } = await ask([catalogOf(), shopsOf()], [source], text, { yes: null });
  expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  expect(asked).toEqual([]);
});

test('a client may use the name of what the services tell each other, but not to a service that is told', async () => {
  const notes = small(
    'social',
    `type Query { s: Int }
     type Product @key(fields: "id") { id: ID!  note(by: ID): String }`,
    { Product: { __resolveReference: (ref: object) => ref, note: () => 'N' } },
  );
  const askNote = (by: string) =>
    ask(
      [catalogOf(), notes],
      [],
      `query ($representations: ID!) { product(id: $representations) { note(by: ${by}) } }`,
      { representations: productId },
    );
  expect((await askNote('"me"')).data).toEqual({ product: { note: 'N' } });
  const { data, errors } = await askNote('$representations');
  expect(data).toEqual({ product: { note: null } });
  expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
});

test('what is planned is asked, and the answer has the shape of the operation', async () => {
  const { source, asked } = recording('shops', () => ({ data: { _entities: [{}] } }));
  const { engine, read } = engineOver([catalogOf(), shopsOf()], [source]);
  const request = {
    operation: read(`{ product(id: "${productId}") { title bestOfShop } }`),
    variables: {},
    scope: guest(),
  };
  const planned = read(`{ product(id: "${productId}") { id title } }`);
  const { data } = await engine.execute({ ...request, planned });
  expect(data).toEqual({ product: { title: `Title of ${productId}`, bestOfShop: null } });
  expect(asked).toEqual([]);
  expect((await engine.execute({ ...request, planned: null })).data).toEqual({ product: null });
});

test('an answer about the schema is worked out once for each set of variables', async () => {
  const { engine, read } = engineOver([catalogOf(), shopsOf()]);
  const operation = read('query ($name: String!) { __type(name: $name) { name } __typename }');
  const about = async (name: string) =>
    (await engine.execute({ operation, variables: { name }, scope: guest() })).data;
  expect(await about('Shop')).toEqual({ __type: { name: 'Shop' }, __typename: 'Query' });
  expect(await about('Nothing')).toEqual({ __type: null, __typename: 'Query' });
  expect((await about('Shop'))?.['__type']).toBe((await about('Shop'))?.['__type']);
});

test('an answer about the schema with a default is not one with a null', async () => {
  const { engine, read } = engineOver([catalogOf(), shopsOf()]);
  const operation = read(
    'query ($all: Boolean = false) { __type(name: "Shop") { fields(includeDeprecated: $all) { name } } }',
  );
  const about = (variables: Record<string, unknown>) =>
    engine.execute({ operation, variables, scope: guest() });
  const { data } = await about({});
  expect(data?.['__type']).toHaveProperty('fields');
  expect((await about({ all: null })).data?.['__type']).not.toBe(data?.['__type']);
});
