import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import {
  catalogOf,
  engineOver,
  guest,
  otherProductId,
  productId,
  type SmallContext,
  shopId,
  shopsOf,
  small,
} from '../../test/small-graph.ts';
import { gatewayError } from '../errors.ts';
import { type SubgraphSource, sourceOf } from './source.ts';

/** A subgraph that cannot be reached until it is healed, in front of nothing. */
const awaySource = (name: string): SubgraphSource =>
  sourceOf({
    name,
    prepare: () => () => ({
      errors: [gatewayError('SUBGRAPH_UNAVAILABLE', `${name} is away`).toJSON()],
    }),
    subscribe: async () => ({ errors: [] }),
    close: async () => {},
  });

test('one query reads fields of several subgraphs through their entities', async () => {
  const { engine, read } = engineOver([catalogOf(), shopsOf()]);
  const operation = read('{ products { id title bestOfShop shop { name } } }');

  const result = await engine.execute({ operation, variables: {}, scope: guest() });

  const product = (id: string) => ({
    id,
    title: `Title of ${id}`,
    bestOfShop: true,
    shop: { name: 'Batik House' },
  });
  expect(result).toEqual({ data: { products: [product(productId), product(otherProductId)] } });
});

test('aliases, fragments, variables and __typename survive the trip', async () => {
  const { engine, read } = engineOver([catalogOf(), shopsOf()]);
  const operation = read(`
    query Page($id: ID!, $more: Boolean = false) {
      mine: product(id: $id) { __typename ...Names called: title @include(if: $more) }
    }
    fragment Names on Product { shop { __typename label: name } }
  `);
  const ask = async (variables: Record<string, unknown>) =>
    (await engine.execute({ operation, variables, scope: guest() })).data;

  const names = { __typename: 'Product', shop: { __typename: 'Shop', label: 'Batik House' } };
  expect(await ask({ id: productId })).toEqual({ mine: names });
  expect(await ask({ id: productId, more: true })).toEqual({
    mine: { ...names, called: `Title of ${productId}` },
  });
});

test('a plan is made once per operation', async () => {
  const { engine, read } = engineOver([catalogOf(), shopsOf()]);
  const text = 'query P($id: ID!) { product(id: $id) { id } }';
  for (const id of [productId, otherProductId]) {
    await engine.execute({ operation: read(text), variables: { id }, scope: guest() });
  }
  expect(engine.plans.of(read(text))).toBe(engine.plans.of(read(text)));
  expect(engine.plans.size).toBe(1);
});

test('a subgraph that is away costs its own nullable fields, and the error names it', async () => {
  const { engine, read } = engineOver([catalogOf(), shopsOf()], [awaySource('shops')]);
  const operation = read('{ products { title bestOfShop shop { id name } } }');

  const { data, errors } = await engine.execute({ operation, variables: {}, scope: guest() });

  expect(data).toEqual({
    products: [productId, otherProductId].map((id) => ({
      title: `Title of ${id}`,
      bestOfShop: null,
      // `name` is not nullable, so the null rises to the nullable shop.
      shop: null,
    })),
  });
  expect(errors?.map(({ extensions }) => extensions)).toEqual(
    errors?.map(() => ({ code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'shops' })),
  );
  expect(errors).not.toHaveLength(0);
});

test('what a resolver threw stays inside; a refusal with a code is told with its path', async () => {
  const shops = shopsOf({
    Shop: {
      __resolveReference: (ref: object) => ref,
      name: () => 'Batik House',
      motto() {
        throw new Error('connect ECONNREFUSED 10.0.0.7:27017');
      },
    },
    Product: {
      bestOfShop() {
        throw new GraphQLError('You may not do this.', { extensions: { code: 'FORBIDDEN' } });
      },
    },
  });
  const { engine, read } = engineOver([catalogOf(), shops]);
  const operation = read(`{ product(id: "${productId}") { bestOfShop shop { motto } } }`);

  const result = await engine.execute({ operation, variables: {}, scope: guest() });

  expect(result.data).toEqual({ product: { bestOfShop: null, shop: { motto: null } } });
  expect(JSON.stringify(result)).not.toContain('ECONNREFUSED');
  expect(result.errors?.map((error) => error.toJSON())).toEqual(
    expect.arrayContaining([
      {
        message: 'Something went wrong on our side.',
        path: ['product', 'shop', 'motto'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'test', serviceName: 'shops' },
      },
      {
        message: 'You may not do this.',
        path: ['product', 'bestOfShop'],
        extensions: { code: 'FORBIDDEN', serviceName: 'shops' },
      },
    ]),
  );
});

test('a missing value in a place that promises one is an error, never a silent null', async () => {
  const catalog = small(
    'catalog',
    `type Query { basket: Basket }
     type Basket { product: Product! }
     type Product @key(fields: "id", resolvable: false) { id: ID! }`,
    { Query: { basket: () => ({ product: { id: productId } }) } },
  );
  const shops = small(
    'shops',
    `type Query { shops: Int }
     type Product @key(fields: "id") { id: ID!  label: String! }`,
    { Product: { __resolveReference: () => null } },
  );
  const { engine, read } = engineOver([catalog, shops]);
  const operation = read('{ basket { product { label } } }');

  const { data, errors } = await engine.execute({ operation, variables: {}, scope: guest() });

  expect(data).toEqual({ basket: null });
  expect(errors?.[0]?.extensions['code']).toBe('VALUE_MISSING');
});

test('all fetches of one operation share a context; another operation has its own', async () => {
  const contexts = new Set<SmallContext>();
  const shops = shopsOf({
    Query: {
      shop: (_root: unknown, ref: object, context: SmallContext) => {
        contexts.add(context);
        return ref;
      },
    },
    Shop: {
      __resolveReference(ref: object, context: SmallContext) {
        contexts.add(context);
        return ref;
      },
      name: () => 'Batik House',
    },
  });
  const { engine, read } = engineOver([catalogOf(), shops]);
  const operation = read(
    `{ shop(id: "1") { name } product(id: "${productId}") { shop { name } } }`,
  );

  await engine.execute({ operation, variables: {}, scope: guest() });
  expect(contexts.size).toBe(1);
  await engine.execute({ operation, variables: {}, scope: guest() });
  expect(contexts.size).toBe(2);
});

test('what was loaded before a write of the operation is not served after it', async () => {
  const readers: SmallContext[] = [];
  const shops = shopsOf({
    Shop: {
      __resolveReference(ref: object, context: SmallContext) {
        readers.push(context);
        return ref;
      },
      name: () => 'Batik House',
    },
  });
  const social = small(
    'social',
    `type Query { s: Int }
     type Mutation { follow: Shop }
     type Shop @key(fields: "id", resolvable: false) { id: ID! }`,
    { Mutation: { follow: () => ({ id: shopId }) } },
  );
  const { engine, read } = engineOver([catalogOf(), shops, social]);
  const operation = read(`mutation {
    renameProduct(id: "${productId}", title: "New") { title shop { name } }
    follow { name }
  }`);

  const { data } = await engine.execute({ operation, variables: {}, scope: guest() });

  expect(data).toEqual({
    renameProduct: { title: 'New', shop: { name: 'Batik House' } },
    follow: { name: 'Batik House' },
  });
  expect(readers).toHaveLength(2);
  expect(readers[0]).not.toBe(readers[1]);
});

test('variables that do not fit reach no subgraph', async () => {
  let calls = 0;
  const catalog = catalogOf({
    Query: {
      product: () => {
        calls += 1;
        return null;
      },
    },
  });
  const { engine, read } = engineOver([catalog, shopsOf()]);
  const operation = read('query ($id: ID!) { product(id: $id) { id } }');

  const wrong = await engine.execute({ operation, variables: { id: { a: 1 } }, scope: guest() });
  const unknown = await engine.execute({
    operation,
    variables: { id: '1', x: 1 },
    scope: guest(),
  });

  expect(wrong.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  expect(unknown.errors?.[0]?.extensions['code']).toBe('UNKNOWN_VARIABLE');
  expect(wrong).not.toHaveProperty('data');
  expect(calls).toBe(0);
});

test('a scalar of the platform is checked before any subgraph is asked', async () => {
  const catalog = small(
    'catalog',
    'scalar Decimal type Query { cheaperThan(amount: Decimal!): String }',
    { Query: { cheaperThan: () => 'yes' } },
  );
  const { engine, read } = engineOver([catalog]);
  const operation = read('query ($amount: Decimal!) { cheaperThan(amount: $amount) }');
  const ask = (amount: unknown) =>
    engine.execute({ operation, variables: { amount }, scope: guest() });

  expect((await ask('19.90')).data).toEqual({ cheaperThan: 'yes' });
  expect((await ask(19.9)).errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  expect(() => read('{ cheaperThan(amount: "a lot") }')).toThrow('Decimal');
});

test('a subscription that came without a stream is refused with what to do', async () => {
  const social = small('social', 'type Query { s: Int } type Subscription { ticks: Int }', {});
  const { engine, read } = engineOver([social]);
  const operation = read('subscription { ticks }');
  const { errors } = await engine.execute({ operation, variables: {}, scope: guest() });
  expect(errors?.[0]?.extensions['code']).toBe('SUBSCRIPTION_NEEDS_STREAM');
});

test('the schema can be read, alone and beside data', async () => {
  const { engine, read } = engineOver([catalogOf(), shopsOf()]);
  const operation = read('{ __type(name: "Shop") { name kind } products { id } }');
  const { data } = await engine.execute({ operation, variables: {}, scope: guest() });
  expect(data).toMatchObject({
    __type: { name: 'Shop', kind: 'OBJECT' },
    products: [{ id: productId }, { id: otherProductId }],
  });
});
