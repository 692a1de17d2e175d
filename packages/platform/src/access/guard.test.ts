import { buildSubgraphSchema } from '@apollo/subgraph';
import { type ExecutionResult, graphql, parse, subscribe } from 'graphql';
import { beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../viewer.ts';
import { guarded } from './guard.ts';

const aViewer = (overrides: Partial<Viewer> = {}): Viewer => ({
  kind: 'PERSON',
  userId: 'usr_1',
  sessionId: 'ses_1',
  roles: ['BUYER'],
  duties: [],
  hasSecondFactor: false,
  scopes: [],
  memberships: [],
  ...overrides,
});
const aGuest = (): Viewer => aViewer({ kind: 'GUEST', userId: 'gst_1', roles: [] });
const anApp = (overrides: Partial<Viewer>): Viewer =>
  aViewer({ kind: 'APP', userId: 'tpa_1', appId: 'tpa_1', roles: [], ...overrides });
const anOperator = (overrides: Partial<Viewer> = {}): Viewer =>
  aViewer({ roles: ['OPERATOR'], duties: ['REVIEWS'], hasSecondFactor: true, ...overrides });

let ran: string[] = [];
beforeEach(() => {
  ran = [];
});

const noting = (name: string) => () => {
  ran.push(name);
  return { name, email: 'a@example.org' };
};

async function* events() {
  ran.push('news');
  yield { news: { name: 'first' } };
}

const schema = guarded(
  buildSubgraphSchema({
    typeDefs: parse(`
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
        import: ["@key", "@authenticated", "@requiresScopes", "@policy"])
      type Query { me: Person  open: Person  report: Report }
      type Mutation { close: Person @authenticated @requiresScopes(scopes: [["door:write"]]) }
      extend type Mutation {
        review: Person @authenticated @policy(policies: [["operator:reviews", "second-factor"]])
      }
      type Subscription { news: Person @authenticated }
      type Person @key(fields: "name") {
        name: String!
        email: String @requiresScopes(scopes: [["profile:read"]])
      }
      type Report @policy(policies: [["staff"]]) { total: Int }
    `),
    resolvers: {
      Query: { me: noting('me'), open: noting('open'), report: () => ({ total: 1 }) },
      Mutation: { close: noting('close'), review: noting('review') },
      Subscription: { news: { subscribe: events } },
    },
  }),
);

const ask = (source: string, viewer: Viewer | null): Promise<ExecutionResult> =>
  graphql({ schema, source, contextValue: { viewer } });

const codeOf = ({ errors }: ExecutionResult): unknown => errors?.[0]?.extensions['code'];

const inTheName = (...scopes: string[]): Viewer => aViewer({ appId: 'app_1', scopes });

test('a mutation without rights does not run, whichever part of them is missing', async () => {
  const close = 'mutation { close { name } }';
  const asked = [null, aGuest(), anApp({ scopes: ['door:write'] }), inTheName('door:read')];

  const codes = await Promise.all(asked.map(async (viewer) => codeOf(await ask(close, viewer))));

  expect(codes).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'FORBIDDEN', 'MISSING_SCOPE']);
  expect(ran).toEqual([]);
});

test('a mutation runs for those who have them', async () => {
  const close = 'mutation { close { name } }';

  expect((await ask(close, aViewer())).data).toEqual({ close: { name: 'close' } });
  expect((await ask(close, inTheName('door:write'))).errors).toBeUndefined();
});

test('what an extension of a type states is enforced as well', async () => {
  const review = 'mutation { review { name } }';

  expect(codeOf(await ask(review, aViewer()))).toBe('FORBIDDEN');
  expect(codeOf(await ask(review, anOperator({ hasSecondFactor: false })))).toBe(
    'SECOND_FACTOR_REQUIRED',
  );
  expect((await ask(review, anOperator())).errors).toBeUndefined();
});

test('a field without a resolver of its own is guarded too, and what stands on its type', async () => {
  expect(await ask('{ me { name email } }', inTheName())).toMatchObject({
    data: { me: { name: 'me', email: null } },
    errors: [{ path: ['me', 'email'], extensions: { requiredScopes: [['profile:read']] } }],
  });
  expect(codeOf(await ask('{ report { total } }', aViewer()))).toBe('FORBIDDEN');
  const staff = aViewer({ memberships: [{ shopId: 'shp_1', role: 'AGENT' }] });
  expect((await ask('{ report { total } }', staff)).data).toEqual({ report: { total: 1 } });
});

test('a subscription without rights never starts', async () => {
  const follow = (viewer: Viewer | null) =>
    subscribe({
      schema,
      document: parse('subscription { news { name } }'),
      contextValue: { viewer },
    });

  expect(await follow(null)).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
  expect(ran).toEqual([]);
  expect(await follow(aViewer())).not.toHaveProperty('errors');
});

test("a context without a viewer is a guest's", async () => {
  const result = await graphql({ schema, source: 'mutation { close { name } }' });

  expect(codeOf(result)).toBe('UNAUTHENTICATED');
});
