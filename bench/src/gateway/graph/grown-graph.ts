import { type SyntheticSubgraph, syntheticSubgraph } from './synthetic-subgraph.ts';

export const GROWN = { types: 200, subgraphs: 30 } as const;

/** The types of the shop graph: `User`, `Review`, `Product`. */
const SHOP_TYPES = 3;

/**
 * The shop graph with as many subgraphs around it as a large company has: entities that lead to each
 * other and to `Product` and `User`, to which every third of the subgraphs adds a field.
 */
export function grownGraph(shop: readonly SyntheticSubgraph[]): readonly SyntheticSubgraph[] {
  const more = GROWN.subgraphs - shop.length;
  const types = GROWN.types - SHOP_TYPES;
  const ownerOf = (type: number): number => type % more;
  const added = Array.from({ length: more }, (_, at) => {
    const own = Array.from({ length: types }, (_, type) => type).filter(
      (type) => ownerOf(type) === at,
    );
    const foreign = [...new Set(own.map((type) => (type + 1) % types))].filter(
      (type) => ownerOf(type) !== at,
    );
    const isContributor = at % 3 === 0;
    return syntheticSubgraph(
      `department-${at}`,
      [
        `extend type Query { ${own.map((type) => `thing${type}(id: ID!): Thing${type}`).join(' ')} }`,
        ...own.map(
          (type) => `type Thing${type} @key(fields: "id") {
            id: ID!  name: String!  size: Int!  next: Thing${(type + 1) % types}  product: Product  user: User
          }`,
        ),
        ...foreign.map(
          (type) =>
            `extend type Thing${type} @key(fields: "id") { id: ID! @external  seenBy${at}: Boolean! }`,
        ),
        `extend type Product @key(fields: "id") { id: ID! @external ${isContributor ? `noteOf${at}: String` : ''} }`,
        `extend type User @key(fields: "id") { id: ID! @external ${isContributor ? `noteFor${at}: String` : ''} }`,
      ].join('\n'),
      {
        ...Object.fromEntries(
          own.map((type) => [
            `Thing${type}`,
            { __resolveReference: itself, name: () => `Thing ${type}`, size: () => type },
          ]),
        ),
        ...Object.fromEntries(
          foreign.map((type) => [
            `Thing${type}`,
            { __resolveReference: itself, [`seenBy${at}`]: () => true },
          ]),
        ),
      },
    );
  });
  return [...shop, ...added];
}

const itself = (ref: unknown): unknown => ref;
