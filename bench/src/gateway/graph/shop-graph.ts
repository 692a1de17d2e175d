import { type SyntheticSubgraph, syntheticSubgraph } from './synthetic-subgraph.ts';

const USERS = 100_000;
const PRODUCTS = 50_000;

/**
 * Accounts, reviews, products and inventory: the query of the benchmark goes from the first to the
 * second and from there to the other two, four fetches in three hops.
 *
 * @param events What `reviewPosted` of `reviews` gives to who subscribes.
 */
export const shopGraph = (
  events: (productId: string) => AsyncIterable<unknown>,
): readonly SyntheticSubgraph[] => [
  syntheticSubgraph(
    'accounts',
    `extend type Query { user(id: ID!): User }
     type User @key(fields: "id") { id: ID!  name: String!  username: String! }`,
    {
      Query: { user: (_root: unknown, { id }: Ref) => (within(id, USERS) ? { id } : null) },
      User: {
        __resolveReference: itself,
        name: ({ id }: Ref) => `Reader ${id}`,
        username: ({ id }: Ref) => `@reader-${id}`,
      },
    },
  ),
  syntheticSubgraph(
    'reviews',
    `extend type Query { review(id: ID!): Review }
     extend type Subscription { reviewPosted(productId: ID!): Review! }
     type Review @key(fields: "id") {
       id: ID!  rating: Int!  body: String!  author: User!  product: Product!
     }
     extend type User @key(fields: "id") { id: ID! @external  reviews(first: Int!): [Review!]! }
     extend type Product @key(fields: "id") { id: ID! @external  averageRating: Float! }`,
    {
      Query: { review: (_root: unknown, { id }: Ref) => ({ id }) },
      Subscription: {
        reviewPosted: {
          subscribe: (_root: unknown, { productId }: { productId: string }) => events(productId),
          resolve: itself,
        },
      },
      Review: {
        __resolveReference: itself,
        rating: ({ id }: Ref) => 1 + (numberOf(id) % 5),
        body: ({ id, body }: Ref & { body?: string }) =>
          body ?? `It is what review ${id} says it is.`,
        author: ({ id }: Ref) => ({ id: String(numberOf(id) % USERS) }),
        product: ({ id }: Ref) => ({ id: String((numberOf(id) * 7) % PRODUCTS) }),
      },
      User: {
        __resolveReference: itself,
        reviews: ({ id }: Ref, { first }: { first: number }) =>
          Array.from({ length: first }, (_, index) => ({ id: String(numberOf(id) * 10 + index) })),
      },
      Product: { __resolveReference: itself, averageRating: ({ id }: Ref) => numberOf(id) % 5 },
    },
  ),
  syntheticSubgraph(
    'products',
    `extend type Query { product(id: ID!): Product }
     type Product @key(fields: "id") { id: ID!  title: String!  price: Int! }`,
    {
      Query: { product: (_root: unknown, { id }: Ref) => (within(id, PRODUCTS) ? { id } : null) },
      Product: {
        __resolveReference: itself,
        title: ({ id }: Ref) => `Product number ${id}`,
        price: ({ id }: Ref) => 100 + (numberOf(id) % 900),
      },
    },
  ),
  syntheticSubgraph(
    'inventory',
    `extend type Query { warehouses: Int! }
     extend type Product @key(fields: "id") {
       id: ID! @external  inStock: Boolean!  warehouse: String!
     }`,
    {
      Query: { warehouses: () => 4 },
      Product: {
        __resolveReference: itself,
        inStock: ({ id }: Ref) => numberOf(id) % 3 !== 0,
        warehouse: ({ id }: Ref) => `Warehouse ${numberOf(id) % 4}`,
      },
    },
  ),
];

/** Four fetches in three hops: accounts, reviews, then products and inventory at the same time. */
export const READER = `query Reader($id: ID!) {
  user(id: $id) {
    name
    reviews(first: 5) { rating body product { title price inStock warehouse } }
  }
}`;

export const readerVariables = (index: number): { readonly id: string } => ({
  // A prime far from the number of users, so that neighbours in time are none in the data.
  id: String((index * 7_919) % USERS),
});

export const REVIEWS_POSTED = `subscription ReviewsPosted($productId: ID!) {
  reviewPosted(productId: $productId) { id rating body product { title } }
}`;

interface Ref {
  readonly id: string;
}

const itself = (ref: unknown): unknown => ref;
const numberOf = (id: string): number => Number(id);
const within = (id: string, count: number): boolean => numberOf(id) >= 0 && numberOf(id) < count;
