import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const HEADER = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@key" "@external" "@requires" "@provides" "@shareable" "@inaccessible" "@interfaceObject"
  ])
`;

const parts: Readonly<Record<string, string>> = {
  library: `
    type Query {
      item(id: ID!): Item
      items(first: Int = 3, kind: Kind): [Item]
      grid: [[Item!]]!
      media: [Media!]
      medium(id: ID!): Media
      search(text: String): [Found]
      named: [Named]!
      deep: Deep!
    }
    type Mutation { setTitle(id: ID!, title: String): Media  touch: Item! }
    interface Named { name: String }
    interface Media @key(fields: "id") { id: ID!  title: String  owner: Person }
    type Book implements Media @key(fields: "id") { id: ID!  title: String  owner: Person  pages: Int! }
    type Film implements Media @key(fields: "id") { id: ID!  title: String  owner: Person!  minutes: Int  cast: [Person]! }
    type Tape implements Media @key(fields: "id") @inaccessible { id: ID!  title: String  owner: Person  speed: Int! }
    union Found = Book | Film | Tape | Person | Note
    type Note implements Named { name: String  text: String!  on: Found }
    type Item @key(fields: "id") @key(fields: "sku") {
      id: ID!
      sku: String!
      size: Int
      weight: Int!
      dims: Dims
      kind: Kind
      kinds: [Kind!]
      parent: Item
      tags: [String!]
      rows: [[Part!]]
      query: Query
    }
    type Dims { w: Int!  h: Int  inner: Dims }
    type Part { no: Int!  item: Item!  found: Found }
    type Deep { deeper: Deep  deepest: Deep!  list: [Deep!]!  holes: [[Deep!]]  item: Item! }
    enum Kind { SMALL LARGE SECRET @inaccessible }
    type Person implements Named @key(fields: "id") { id: ID!  name: String @shareable }
  `,
  commerce: `
    type Query { cheapest: Item  reviews: [Review!]! }
    type Mutation { review(media: ID!): Review  buy(id: ID!): Purchase! }
    type Purchase { item: Item!  again: Query }
    type Item @key(fields: "id") {
      id: ID!
      size: Int @external
      weight: Int! @external
      dims: Dims @external
      shipping: String @requires(fields: "size weight")
      fits: String! @requires(fields: "dims { w inner { h } }")
      price(currency: String): Int!
      related: [Item!]
      buyer: Person
    }
    type Dims @external { w: Int!  h: Int  inner: Dims }
    type Media @interfaceObject @key(fields: "id") {
      id: ID!
      rating: Int!
      reviews: [Review!]!
      best: Review
    }
    type Review { text: String  stars: Int!  author: Person @provides(fields: "name")  about: Media }
    type Person @key(fields: "id") { id: ID!  name: String @external  wrote: [Review]  bought: [Item!]! }
  `,
  people: `
    type Query { person(id: ID!): Person  team: [Person!] }
    type Mutation { hire(name: String!): Person }
    interface Animal { name: String!  owner: Person }
    type Cat implements Animal { name: String!  owner: Person  lives: Int }
    type Dog implements Animal { name: String!  owner: Person  friend: Animal }
    type Person @key(fields: "id") {
      id: ID!
      name: String @shareable
      pets: [Animal]
      boss: Person
      favourite: Item
      secret: String @inaccessible
    }
    type Item @key(fields: "sku") {
      sku: String!
      shipping: String @external
      quote: String! @requires(fields: "shipping")
      label: String!
      maker: Person!
    }
  `,
};

/** A graph that uses everything that makes the work of an executor hard. */
export function hostileSupergraph(): string {
  const { errors, supergraphSdl } = composeServices(
    Object.entries(parts).map(([name, sdl]) => ({
      name,
      url: `http://${name}.invalid`,
      typeDefs: parse(HEADER + sdl),
    })),
  );
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
