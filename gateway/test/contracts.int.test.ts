import { describe, expect, test } from 'vitest';
import { type RunningGateway, runGateway, shapes } from './running-gateway.ts';
import { catalogOf, compose, productId, shopsOf, small } from './small-graph.ts';

const parts = [catalogOf(), shopsOf()];

/** The same graph for an audience that knows neither mottos nor renaming. */
const storefront = compose([
  small(
    'catalog',
    `type Query { product(id: ID!): Product  products: [Product!]! }
     type Mutation {
       renameProduct(id: ID!, title: String!): Product @inaccessible
       praiseProduct(id: ID!): Product
     }
     type Product implements Node @key(fields: "id") { id: ID!  title: String!  shop: Shop }
     type Shop @key(fields: "id", resolvable: false) { id: ID! }`,
    {},
  ),
  small(
    'shops',
    `type Query { shop(id: ID!): Shop @inaccessible }
     type Shop implements Node @key(fields: "id") { id: ID!  name: String!  motto: String @inaccessible }
     extend type Product @key(fields: "id") { id: ID!  bestOfShop: Boolean }`,
    {},
  ),
]);

const asking =
  ({ gateway }: RunningGateway) =>
  async (path: string, query: string) => {
    const response = await fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    return { status: response.status, body: response.ok ? JSON.parse(text) : text };
  };

describe.for(shapes)('with subgraphs %s', (shape) => {
  const run = async () => asking(await runGateway(parts, { shape, contracts: { storefront } }));

  test('a contract answers from the same subgraphs as the whole graph', async () => {
    const ask = await run();
    const query = `{ product(id: "${productId}") { title bestOfShop shop { name } } }`;

    const whole = await ask('/graphql', query);
    const part = await ask('/graphql/storefront', query);

    expect(part.body.data).toEqual({
      product: {
        title: `Title of ${productId}`,
        bestOfShop: true,
        shop: { name: 'Batik House' },
      },
    });
    expect(part.body.data).toEqual(whole.body.data);
  });

  test('what is outside of a contract is unknown there, and known to the whole graph', async () => {
    const ask = await run();
    const query = `{ product(id: "${productId}") { shop { motto } } }`;

    expect((await ask('/graphql', query)).body.data).toEqual({
      product: { shop: { motto: 'Slow' } },
    });
    expect((await ask('/graphql/storefront', query)).body).toEqual({
      errors: [
        expect.objectContaining({
          message: 'Cannot query field "motto" on type "Shop".',
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        }),
      ],
    });
    expect(
      (await ask('/graphql/storefront', 'mutation { renameProduct(id: "1", title: "") { id } }'))
        .body.errors[0].extensions.code,
    ).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test('a kind of operation that it has none of is no valid one', async () => {
    const ask = await run();

    expect((await ask('/graphql/storefront', 'subscription { news }')).body.errors).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  });

  test('introspection shows the contract of its address', async () => {
    const ask = await run();
    const query =
      '{ __schema { mutationType { fields { name } } } __type(name: "Shop") { fields { name } } }';

    expect((await ask('/graphql/storefront', query)).body.data).toEqual({
      __schema: { mutationType: { fields: [{ name: 'praiseProduct' }] } },
      __type: { fields: [{ name: 'id' }, { name: 'name' }] },
    });
    expect((await ask('/graphql', query)).body.data).toMatchObject({
      __schema: { mutationType: { fields: [{ name: 'renameProduct' }] } },
    });
  });

  test('a contract that is not served is not found', async () => {
    const ask = await run();

    expect((await ask('/graphql/seller', '{ __typename }')).status).toBe(404);
  });
});
