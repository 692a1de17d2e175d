import { aViewer } from '@vitrine/testkit/viewers';
import { type GraphQLFormattedError, print } from 'graphql';
import { compose, small } from '../../test/small-graph.ts';
import { loadGraph } from '../execution/graph.ts';
import { type Operation, operationReader, type Variables } from '../execution/operations.ts';
import { accessOf } from './access.ts';

const accounts = small(
  'accounts',
  `type Query {
     me: Person @tag(name: "viewer")
     people(first: Int): [Person!]!
     thing: Thing
     things: [Named!]!
     report: Report
     accounts: [Person!]! @authenticated @policy(policies: [["operator"]])
   }
   type Mutation {
     signIn: Person
     rename: Person @authenticated @requiresScopes(scopes: [["profile:write"]])
     ban: Person @authenticated @policy(policies: [["operator"]])
     review: Person @authenticated @policy(policies: [["operator:reviews", "second-factor"]])
     payOut: Person @authenticated @policy(policies: [["staff:owner", "second-factor"]])
     sell: Person @authenticated @policy(policies: [["staff:manager"]])
     ship: Person @authenticated @policy(policies: [["staff"]])
     perform: Person @authenticated @policy(policies: [["creator"]])
     subscribe: Person @requiresScopes(scopes: [["webhooks:manage"]]) @policy(policies: [["app"]])
   }
   type Subscription { news: Person  mine: Person @authenticated }
   type Person @key(fields: "id") {
     id: ID!
     name: String!
     email: String! @requiresScopes(scopes: [["profile:read"]])
     phone: String @requiresScopes(scopes: [["profile:read", "phone:read"], ["admin"]])
     friends: [Person!]! @authenticated
     drafts: [String!] @tag(name: "rights")
   }
   interface Named { name: String! }
   type Stall implements Named { name: String!  open: Boolean! }
   type Club implements Named { name: String! @authenticated  open: String! @authenticated }
   union Thing = Stall | Club
   type Report @policy(policies: [["operator"]]) { total: Int!  notes: [Note!]! }
   type Note { text: String! }`,
  {},
);

export const graph = loadGraph(compose([accounts]));
export const access = accessOf(graph);
const reader = operationReader(graph.schema, () => []);

export function read(text: string): Operation {
  const operation = reader(text);
  if (!('document' in operation)) throw new Error(operation.map(String).join('\n'));
  return operation;
}

export const app = (...scopes: string[]) => aViewer({ appId: 'app_1', scopes });
export const person = aViewer();
export const operator = aViewer({ roles: ['BUYER', 'OPERATOR'] });

export interface Answer {
  readonly planned: string | null;
  readonly errors: readonly GraphQLFormattedError[];
}

export function ask(text: string, viewer: typeof person | null, variables: Variables = {}): Answer {
  const { planned, errors } = access.authorize(read(text), variables, viewer);
  const text_ = planned && print(planned.document).replaceAll(/\s+/g, ' ').trim();
  return { planned: text_, errors: errors.map((error) => error.toJSON()) };
}

export const codes = ({ errors }: Answer) => errors.map(({ extensions }) => extensions?.['code']);
export const paths = ({ errors }: Answer) => errors.map(({ path }) => path?.join('.'));
