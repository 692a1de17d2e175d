import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { type Graph, loadGraph } from '../../execution/graph.ts';
import { type Operation, operationReader } from '../../execution/operations.ts';

const LINK = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@cost", "@listSize", "@shareable"]
)`;

/** A shop with every way to state cost, in two subgraphs. */
const subgraphs = {
  catalog: `
    type Query {
      shop: Shop
      dear: Shop @cost(weight: 50)
      count: Int @cost(weight: 3)
      plain: Int
      shelves: [[Shop!]!]!
      things: [Thing!]! @listSize(assumedSize: 4)
      any: Thing
      node: Node
      search(filter: Filter, tags: [String!] @cost(weight: 2)): Int
    }
    type Mutation { rename(input: Filter): Shop  signIn: Shop @cost(weight: 1000) }
    type Subscription { shopChanged: Shop }
    interface Node { id: ID!  next: Node  twin: Node }
    union Thing = Shop | Product
    input Filter { text: String  price: Int @cost(weight: 5)  or: [Filter!] }
    enum Mood @cost(weight: 7) { GOOD BAD }
    type Shop implements Node @key(fields: "id") {
      id: ID!
      name: String
      mood: Mood
      next: Node
      twin: Node
      featured: [Product!]! @listSize(assumedSize: 3)
      products(first: Int, last: Int): Products
        @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["nodes", "edges"])
      latest(first: Int = 5): [Product!]!
        @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
    }
    type Products { nodes: [Product!]!  edges: [Edge!]!  total: Int @cost(weight: 4) }
    type Edge { cursor: String  node: Product }
    type Product implements Node @key(fields: "id") @cost(weight: 2) {
      id: ID!
      name: String
      tags: [String!]!
      next: Node
      twin: Node
      shop: Shop
    }`,
  reviews: `
    type Product @key(fields: "id") @cost(weight: 2) { id: ID!  reviews: [Review!]! }
    type Review { text: String  stars: Int @cost(weight: 1) }`,
};

export function shopGraph(): { readonly graph: Graph; readonly read: (text: string) => Operation } {
  const { errors, supergraphSdl } = composeServices(
    Object.entries(subgraphs).map(([name, sdl]) => ({
      name,
      url: `http://${name}.invalid`,
      typeDefs: parse(`${LINK}\n${sdl}`),
    })),
  );
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  const graph = loadGraph(supergraphSdl);
  const read = operationReader(graph.schema);
  return {
    graph,
    read(text) {
      const operation = read(text);
      if (!('document' in operation)) throw new Error(operation.map(String).join('\n'));
      return operation;
    },
  };
}
