import { aViewer } from '@vitrine/testkit/viewers';
import type { ExecutionResult } from 'graphql';
import { beforeEach, describe, expect, test } from 'vitest';
import { engineOver, guest, productId, silent, small } from '../../test/small-graph.ts';
import { type SubgraphSource, sourceOf } from '../execution/source.ts';
import { localSource } from '../sources/local-source.ts';
import { type Access, accessOf } from './access.ts';
import { withDenials } from './denials.ts';

let ran: string[] = [];
let asked: string[] = [];

const accounts = small(
  'accounts',
  `type Query { people: [Person!]!  first: Person! }
   type Mutation {
     open(n: Int!): Int!
     close(n: Int!): Int @authenticated @requiresScopes(scopes: [["door:write"]])
   }
   type Person implements Node @key(fields: "id") { id: ID!  name: String!  email: String! @authenticated }`,
  {
    Query: { people: () => [{ id: '1' }, { id: '2' }], first: () => ({ id: '1' }) },
    Mutation: {
      open: (_root: unknown, { n }: { n: number }) => ran.push(`open ${n}`),
      close: (_root: unknown, { n }: { n: number }) => ran.push(`close ${n}`),
    },
    Person: {
      __resolveReference: (person: object) => person,
      name: ({ id }: { id: string }) => `Person ${id}`,
      email: ({ id }: { id: string }) => `${id}@example.org`,
    },
  },
);

const orders = small(
  'orders',
  `type Query { orderCount: Int! @requiresScopes(scopes: [["orders:read"]]) }
   type Person @key(fields: "id") {
     id: ID!
     orders: [Purchase!] @authenticated @requiresScopes(scopes: [["orders:read"]])
   }
   type Purchase { total: Int!  secret: Int @policy(policies: [["operator"]]) }`,
  {
    Query: { orderCount: () => 2 },
    Person: {
      __resolveReference: (person: object) => person,
      orders: () => [{ total: 1 }, { total: 2 }],
    },
    Purchase: { secret: () => 42 },
  },
);

const catalog = small(
  'catalog',
  `type Query { product: Product }
   type Product implements Node @key(fields: "id") {
     id: ID!
     title: String!
     cost: Int @requiresScopes(scopes: [["products:read"]])
   }`,
  {
    Product: {
      __resolveReference: (product: object) => product,
      title: () => 'Lamp',
      cost: () => 7,
    },
  },
);

/** A source that notes each document it is asked. */
const noted = (part: typeof accounts): SubgraphSource => {
  const source = localSource({ ...part, contextOf: (scope) => ({ scope }), logger: silent });
  return sourceOf({
    ...source,
    prepare(document) {
      const ask = source.prepare(document);
      return (variables, scope) => {
        asked.push(`${part.name}: ${document.document.replaceAll(/\s+/g, ' ')}`);
        return ask(variables, scope);
      };
    },
  });
};

const world = engineOver([accounts, catalog, orders], [accounts, catalog, orders].map(noted));
const access: Access = accessOf(world.engine.graph);
const person = aViewer();
const app = (...scopes: string[]) => aViewer({ appId: 'app_1', scopes });

async function run(text: string, viewer: typeof person | null): Promise<ExecutionResult> {
  const operation = world.read(text);
  const { planned, errors } = access.authorize(operation, {}, viewer);
  const scope = { ...guest(), viewer };
  const result = await world.engine.execute({ operation, variables: {}, scope, planned });
  // As clients see it.
  return JSON.parse(JSON.stringify(withDenials(result, errors)));
}

beforeEach(() => {
  ran = [];
  asked = [];
});

describe('a field without rights', () => {
  test('is null with an error that says what is missing, and its subgraph is not asked', async () => {
    const result = await run('{ people { name orders { total } } }', app('profile:read'));

    expect(result).toEqual({
      data: {
        people: [
          { name: 'Person 1', orders: null },
          { name: 'Person 2', orders: null },
        ],
      },
      errors: [
        {
          message: 'The app needs the scope orders:read.',
          path: ['people', '@', 'orders'],
          extensions: { code: 'MISSING_SCOPE', requiredScopes: [['orders:read']] },
        },
      ],
    });
    expect(asked).toEqual([expect.stringMatching(/^accounts: /)]);
  });

  test('is served to those who have the rights', async () => {
    const text = '{ people { orders { total } } }';
    const data = { people: [1, 2].map(() => ({ orders: [{ total: 1 }, { total: 2 }] })) };

    expect(await run(text, app('orders:read'))).toEqual({ data });
    expect(await run(text, person)).toEqual({ data });
  });

  test('that may not be null takes its parent away, for one reason and not for two', async () => {
    expect(await run('{ first { name email } people { email } }', null)).toEqual({
      data: null,
      errors: [
        expect.objectContaining({ path: ['first', 'email'] }),
        expect.objectContaining({ path: ['people', '@', 'email'] }),
      ],
    });
    expect(asked.join()).not.toContain('email');
  });

  test('behind a list of another subgraph is left out of its fetch', async () => {
    const result = await run('{ people { orders { total secret } } }', person);

    expect(result.data?.['people']).toEqual(
      [1, 2].map(() => ({
        orders: [
          { total: 1, secret: null },
          { total: 2, secret: null },
        ],
      })),
    );
    expect(result.errors).toEqual([
      expect.objectContaining({
        path: ['people', '@', 'orders', '@', 'secret'],
        extensions: { code: 'FORBIDDEN' },
      }),
    ]);
    expect(asked.join()).not.toContain('secret');
  });

  test('is found out below a node too, whatever its type turns out to be', async () => {
    const text = `{ node(id: "${productId}") { id ... on Product { title cost } } }`;

    expect(await run(text, app())).toEqual({
      data: { node: { id: productId, title: 'Lamp', cost: null } },
      errors: [expect.objectContaining({ path: ['node', 'cost'] })],
    });
    expect(asked.join()).not.toContain('cost');
    expect((await run(text, app('products:read'))).data).toMatchObject({ node: { cost: 7 } });
  });

  test('of the whole operation asks nobody', async () => {
    expect(await run('{ orderCount }', app())).toMatchObject({
      data: null,
      errors: [{ path: ['orderCount'], extensions: { code: 'MISSING_SCOPE' } }],
    });
    expect(asked).toEqual([]);
  });
});

describe('a mutation without rights', () => {
  test('does not run, and those after it do', async () => {
    const result = await run('mutation { a: open(n: 1) b: close(n: 2) c: open(n: 3) }', null);

    expect(ran).toEqual(['open 1', 'open 3']);
    expect(result).toEqual({
      data: { a: 1, b: null, c: 2 },
      errors: [
        { message: 'Sign in to do this.', path: ['b'], extensions: { code: 'UNAUTHENTICATED' } },
      ],
    });
  });
});

describe('the rights of one viewer', () => {
  test('reach nobody else, whoever asked the same before', async () => {
    const text = '{ people { name email orders { total } } }';
    const full = await run(text, person);

    const other = await run(text, null);
    const again = await run(text, person);

    expect(full.errors).toBeUndefined();
    expect(again).toEqual(full);
    expect(other.data).toBeNull();
    expect(JSON.stringify(other)).not.toContain('example.org');
  });

  test('reach nobody else who asks at the same moment', async () => {
    const text = '{ people { name orders { total } } }';
    const viewers = Array.from(
      { length: 40 },
      (_, index) => [null, person, app(), app('orders:read')].at(index % 4) ?? null,
    );

    const results = await Promise.all(viewers.map((viewer) => run(text, viewer)));

    for (const [index, { data }] of results.entries()) {
      const mayRead = viewers[index] === person || viewers[index]?.scopes.includes('orders:read');
      expect(JSON.stringify(data)).toContain(mayRead ? '"total":1' : '"orders":null');
    }
  });
});
