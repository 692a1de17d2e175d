import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import { openLogger } from '@vitrine/platform/logger';
import type { RequestScope, SubgraphDefinition, SubgraphName } from '@vitrine/platform/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { type Engine, openEngine } from '../src/execution/engine.ts';
import { loadGraph } from '../src/execution/graph.ts';
import { observedSource } from '../src/execution/observed-source.ts';
import { type Operation, operationReader } from '../src/execution/operations.ts';
import type { SubgraphSource } from '../src/execution/source.ts';
import { costExplainer } from '../src/nodes/explain-cost.ts';
import { nodes, nodesContext } from '../src/nodes/nodes.ts';
import { localSource } from '../src/sources/local-source.ts';

const HEADER = `
  extend schema @link(
    url: "https://specs.apollo.dev/federation/v2.9"
    import: [
      "@key", "@external", "@requires", "@shareable", "@interfaceObject", "@inaccessible"
      "@authenticated", "@requiresScopes", "@policy", "@tag", "@cost", "@listSize"
    ]
  )
  interface Node { id: ID! }
`;

/** What resolvers of a small subgraph receive. */
export interface SmallContext {
  readonly scope: RequestScope;
}

export type SmallSubgraph = SubgraphDefinition<SmallContext>;

/** A subgraph of a test's own: real federation, no store. */
export function small(name: SubgraphName, typeDefs: string, resolvers: object): SmallSubgraph {
  type Modules = Extract<Parameters<typeof buildSubgraphSchema>[0], readonly unknown[]>;
  return {
    name,
    schema: buildSubgraphSchema([
      { typeDefs: parse(`${HEADER}\n${typeDefs}`), resolvers },
      // The builder takes any resolver and checks its place against the SDL.
    ] as unknown as Modules),
    open: () => (scope) => ({ scope }),
    models: () => {},
    work: () => [],
  };
}

/** Composes subgraphs and the gateway's own `nodes`. */
export function compose(
  parts: readonly { readonly name: string; readonly schema: GraphQLSchema }[],
): string {
  const { errors, supergraphSdl } = composeServices(
    [...parts, nodes].map(({ name, schema }) => ({
      name,
      url: `http://${name}.invalid`,
      typeDefs: parse(printSubgraphSchema(schema)),
    })),
  );
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

export const guest = (): RequestScope => ({ viewer: null, requestId: 'test', languages: [] });

export const silent = openLogger({ LOG_LEVEL: 'silent' }, 'test');

/** The engine over subgraphs in this process, or over sources given for some of them. */
export function engineOver(
  parts: readonly SmallSubgraph[],
  given: readonly SubgraphSource[] = [],
): { engine: Engine; read(text: string, operationName?: string): Operation } {
  const graph = loadGraph(compose(parts));
  const sources = new Map<string, SubgraphSource>();
  const add = (source: SubgraphSource) => sources.set(source.name, observedSource(source));
  for (const { name, schema } of parts) {
    add(localSource({ name, schema, contextOf: (scope) => ({ scope }), logger: silent }));
  }
  for (const source of given) add(source);
  add(
    localSource({
      ...nodes,
      contextOf: nodesContext(sources, {
        explainCost: costExplainer(graph),
        quotaOf: async () => null,
      }),
      logger: silent,
    }),
  );
  const read = operationReader(graph.schema);
  return {
    engine: openEngine(graph, sources, silent),
    read(text, operationName) {
      const operation = read(text, operationName);
      if (!('document' in operation)) throw new Error(operation.map(String).join('\n'));
      return operation;
    },
  };
}

export const productId = 'prd_01JNYZ8V4D0000000000000001';
export const otherProductId = 'prd_01JNYZ8V4D0000000000000002';
export const shopId = 'shp_01JNYZ8V4D0000000000000001';

/** Products that belong to shops; `resolvers` replace those given here. */
export const catalogOf = (resolvers: object = {}): SmallSubgraph =>
  small(
    'catalog',
    `type Query { product(id: ID!): Product  products: [Product!]! }
     type Mutation { renameProduct(id: ID!, title: String!): Product }
     type Product implements Node @key(fields: "id") { id: ID!  title: String!  shop: Shop }
     type Shop @key(fields: "id", resolvable: false) { id: ID! }`,
    {
      Query: {
        product: (_root: unknown, { id }: { id: string }) => (id === productId ? { id } : null),
        products: () => [{ id: productId }, { id: otherProductId }],
      },
      Mutation: { renameProduct: (_root: unknown, args: object) => args },
      Product: {
        __resolveReference: ({ id }: { id: string }) =>
          [productId, otherProductId].includes(id) ? { id } : null,
        title: ({ id, title }: { id: string; title?: string }) => title ?? `Title of ${id}`,
        shop: () => ({ id: shopId }),
      },
      ...resolvers,
    },
  );

export const shopsOf = (resolvers: object = {}): SmallSubgraph =>
  small(
    'shops',
    `type Query { shop(id: ID!): Shop }
     type Shop implements Node @key(fields: "id") { id: ID!  name: String!  motto: String }
     extend type Product @key(fields: "id") { id: ID!  bestOfShop: Boolean }`,
    {
      Query: { shop: (_root: unknown, { id }: { id: string }) => ({ id }) },
      Shop: {
        __resolveReference: (ref: object) => ref,
        name: () => 'Batik House',
        motto: () => 'Slow',
      },
      Product: { __resolveReference: (ref: object) => ref, bestOfShop: () => true },
      ...resolvers,
    },
  );

/** Rooms whose events name a product of the catalog. */
export const socialOf = (
  subscribe: (root: unknown, args: { roomId: string }, context: SmallContext) => unknown,
  resolvers: object = {},
): SmallSubgraph =>
  small(
    'social',
    `type Query { rooms: Int! }
     type Subscription { roomEvents(roomId: ID!): RoomEvent! }
     type RoomEvent { text: String!  product: Product }
     type Product @key(fields: "id", resolvable: false) { id: ID! }`,
    {
      Query: { rooms: () => 1 },
      Subscription: { roomEvents: { subscribe, resolve: (event: object) => event } },
      ...resolvers,
    },
  );
