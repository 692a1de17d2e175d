import { aViewer } from '@vitrine/testkit/viewers';
import { pushStream } from '../src/subscriptions/streams.ts';
import { type SmallContext, type SmallSubgraph, shopsOf, small } from './small-graph.ts';

/** A catalog that counts what it is asked, and rooms whose events have a part for staff. */
export function aWorld() {
  const asked: string[] = [];
  const tellers = new Set<(event: object) => void>();
  const noting =
    (what: string) =>
    (_root: unknown, { name }: { name: string }) => {
      asked.push(`${what} ${name}`);
      return name;
    };
  const catalog = small(
    'catalog',
    `type Query { mine: Secrets @tag(name: "viewer") }
     type Mutation {
       sell(name: String!): String @authenticated @requiresScopes(scopes: [["products:write"]])
       look(name: String!): String
     }
     type Secrets { owner: String  price: Int @policy(policies: [["operator"]]) }
     type Shop @key(fields: "id") {
       id: ID!
       takings: Int @authenticated @requiresScopes(scopes: [["orders:read"]])
     }`,
    {
      Query: {
        mine: (_root: unknown, _args: unknown, { scope }: SmallContext) => {
          asked.push('mine');
          return { owner: scope.viewer?.userId ?? null, price: 3 };
        },
      },
      Mutation: {
        sell: noting('sell'),
        look: noting('look'),
      },
      Shop: {
        __resolveReference: (shop: object) => shop,
        takings: () => {
          asked.push('takings');
          return 100;
        },
      },
    },
  );
  const social = small(
    'social',
    `type Query { rooms: Int }
     type Subscription { sales: Sale  audit: Sale @authenticated @policy(policies: [["operator"]]) }
     type Sale { title: String!  buyer: String @authenticated  shop: Shop }
     type Shop @key(fields: "id", resolvable: false) { id: ID! }`,
    {
      Subscription: {
        sales: { subscribe, resolve: (event: object) => event },
        audit: { subscribe, resolve: (event: object) => event },
      },
    },
  );
  function subscribe() {
    const reader = pushStream<object>(() => tellers.delete(reader.push), {
      limit: 100,
      tooSlow: () => new Error('too slow'),
    });
    tellers.add(reader.push);
    return reader.stream;
  }
  const parts: readonly SmallSubgraph[] = [catalog, shopsOf(), social];
  return {
    parts,
    asked,
    tell: (event: object) => {
      for (const push of tellers) push(event);
    },
    get upstreams() {
      return tellers.size;
    },
  };
}

/** A token of an app with these scopes. */
export const app = (...scopes: string[]) => aViewer({ appId: 'app_1', scopes });
