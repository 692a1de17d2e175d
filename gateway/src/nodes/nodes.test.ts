import { TYPE_BY_PREFIX } from '@vitrine/kernel/id';
import { isObjectType } from 'graphql';
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
} from '../../test/small-graph.ts';
import { gatewayError } from '../errors.ts';
import { sourceOf } from '../execution/source.ts';
import { HOME } from './homes.ts';
import { nodes } from './nodes.ts';

const missingId = 'prd_01JNYZ8V4D0000000000000009';

test('every entity of the platform is a node with a home', () => {
  for (const typeName of Object.values(TYPE_BY_PREFIX)) {
    const type = nodes.schema.getType(typeName);
    expect(isObjectType(type) && type.getInterfaces().map(({ name }) => name)).toEqual(['Node']);
    expect(HOME).toHaveProperty(typeName);
  }
});

test('an object is found by its id alone, with fields of any subgraph', async () => {
  const { engine, read } = engineOver([catalogOf(), shopsOf()]);
  const operation = read(`query ($a: ID!, $b: ID!) {
    a: node(id: $a) { __typename id ... on Product { title bestOfShop shop { name } } }
    b: node(id: $b) { __typename id ... on Shop { name } }
  }`);
  const variables = { a: otherProductId, b: shopId };
  expect(await engine.execute({ operation, variables, scope: guest() })).toEqual({
    data: {
      a: {
        __typename: 'Product',
        id: otherProductId,
        title: `Title of ${otherProductId}`,
        bestOfShop: true,
        shop: { name: 'Batik House' },
      },
      b: { __typename: 'Shop', id: shopId, name: 'Batik House' },
    },
  });
});

test.for([
  ['that does not exist', missingId],
  ['of an inner kind', 'ses_01JNYZ8V4D0000000000000001'],
  ['of no kind', 'zzz_01JNYZ8V4D0000000000000001'],
  ['that is none', 'hello'],
  ['of a prototype', '__proto__'],
  ['of a part that this graph lacks', 'cmt_01JNYZ8V4D0000000000000001'],
])('an id %s is null and no error', async ([, id]) => {
  const { engine, read } = engineOver([catalogOf(), shopsOf()]);
  const operation = read('query ($id: ID!) { node(id: $id) { id } }');
  expect(await engine.execute({ operation, variables: { id }, scope: guest() })).toEqual({
    data: { node: null },
  });
});

test('the home is asked as the viewer, once for existence and fields together', async () => {
  const contexts = new Set<SmallContext>();
  const catalog = catalogOf({
    Product: {
      __resolveReference(ref: object, context: SmallContext) {
        contexts.add(context);
        return ref;
      },
      title: () => 'Kebaya',
    },
  });
  const { engine, read } = engineOver([catalog, shopsOf()]);
  const operation = read(`{ node(id: "${productId}") { ... on Product { title } } }`);
  await engine.execute({ operation, variables: {}, scope: { ...guest(), requestId: 'req-9' } });
  expect([...contexts].map(({ scope }) => scope.requestId)).toEqual(['req-9']);
});

test('when the home is away the error names it, and other nodes are found', async () => {
  const away = sourceOf({
    name: 'catalog',
    prepare: () => () => ({
      errors: [gatewayError('SUBGRAPH_UNAVAILABLE', 'catalog is away').toJSON()],
    }),
    subscribe: async () => ({}),
    close: async () => {},
  });
  const { engine, read } = engineOver([catalogOf(), shopsOf()], [away]);
  const operation = read(`{ a: node(id: "${productId}") { id } b: node(id: "${shopId}") { id } }`);
  const { data, errors } = await engine.execute({ operation, variables: {}, scope: guest() });
  expect(data).toEqual({ a: null, b: { id: shopId } });
  expect(errors?.map((error) => error.toJSON())).toMatchObject([
    { path: ['a'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'catalog' } },
  ]);
});
