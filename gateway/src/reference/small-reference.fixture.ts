import { buildSchema } from 'graphql';
import { readExample } from '../examples.ts';
import { type Reference, referenceOf } from './reference.ts';

/** A composed graph as far as pages look at one. */
const supergraphSdl = /* GraphQL */ `
  directive @join__field(graph: String, external: Boolean) repeatable on FIELD_DEFINITION
  directive @authenticated on FIELD_DEFINITION | OBJECT
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
  directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION
  directive @cost(weight: Int!) on FIELD_DEFINITION | ARGUMENT_DEFINITION
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]) on FIELD_DEFINITION
  enum join__Graph { SHOPS }
  type Query {
    "A shop by its \`id\`. Null where there is none."
    shop("Its id." id: ID! @cost(weight: 2)): Shop @join__field(graph: SHOPS)
    "All shops."
    shops(first: Int = 20): [Shop!]! @join__field(graph: SHOPS) @listSize(slicingArguments: ["first"], assumedSize: 20)
  }
  type Mutation {
    "Opens a shop."
    openShop(input: OpenShopInput!): OpenShopPayload! @join__field(graph: SHOPS) @authenticated @requiresScopes(scopes: [["shop:manage", "shop:read"], ["all"]]) @cost(weight: 10)
  }
  "Sells things, see \`Shop.name\`, \`name\` and \`nothing\`. <script>alert(1)</script>"
  type Shop @authenticated {
    "Opaque."
    id: ID!
    "What it is called."
    name: String @join__field(graph: SHOPS, external: true)
    "What it was called."
    title: String @deprecated(reason: "Use \`name\` instead. Removal after 2027-03-01.")
    "For the operator."
    notes: String @policy(policies: [["operator"]])
  }
  "What to open."
  input OpenShopInput {
    "Its name."
    name: String! = "Shop"
  }
  "The shop, or why not."
  type OpenShopPayload { shop: Shop userErrors: [OpenShopError!]! }
  "Why it was not opened."
  union OpenShopError = NameTakenError
  interface UserError { code: String! }
  "Somebody has the name."
  type NameTakenError implements UserError { "Always \`NAME_TAKEN\`." code: String! }
`;

export const shopExample = readExample(
  'open-shop.graphql',
  '# Opens a shop.\n# As: owner\n# Variables: { "input": { "name": "A" } }\nmutation OpenShop($input: OpenShopInput!) { openShop(input: $input) { shop { id } } }',
);
const elsewhere = readExample('video.graphql', '# A video.\nquery Video { video { id } }');

export const smallSource = { supergraphSdl, schema: buildSchema(supergraphSdl) };

export const smallReference = (audience: string | null = null): Reference =>
  referenceOf(smallSource, [shopExample, elsewhere], audience);
