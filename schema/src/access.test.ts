import { readFileSync } from 'node:fs';
import { topics } from '@vitrine/events/topics/topics';
import { needsOf } from '@vitrine/gateway/access/analysis';
import { rulesOf } from '@vitrine/gateway/access/rules';
import { loadGraph } from '@vitrine/gateway/execution/graph';
import { operationReader } from '@vitrine/gateway/execution/operations';
import { policyNames } from '@vitrine/platform/access/holders';
import { scopeNames } from '@vitrine/platform/scopes';
import {
  type DirectiveNode,
  type FieldDefinitionNode,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
} from 'graphql';
import { expect, test } from 'vitest';
import { parts } from './composition.ts';
import { contractNames } from './contracts.ts';

const sdl = readFileSync(new URL('../supergraph.graphql', import.meta.url), 'utf8');
const graph = loadGraph(sdl);
const rules = rulesOf(graph.supergraph);

const types = parse(sdl, { noLocation: true }).definitions.flatMap((definition) =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
  definition.kind === Kind.INTERFACE_TYPE_DEFINITION
    ? [definition]
    : [],
);

const fields = types.flatMap((type) =>
  (type.fields ?? []).map((field) => ({
    coordinate: `${type.name.value}.${field.name.value}`,
    type: type.name.value,
    field,
  })),
);

const named = (nodes: readonly DirectiveNode[] | undefined, name: string) =>
  (nodes ?? []).filter((directive) => directive.name.value === name);

const argument = (directive: DirectiveNode | undefined, name: string) =>
  directive?.arguments?.find((one) => one.name.value === name)?.value;

const has = (field: FieldDefinitionNode, directive: string) =>
  named(field.directives, directive).length > 0;

test('every scope and policy in use is known, and every known scope is of use', () => {
  const requirements = [...rules.values()].flatMap(({ requirement }) => requirement ?? []);
  const policies = new Set(requirements.flatMap((one) => one.policies.flat(2)));
  const scopes = new Set([
    ...requirements.flatMap((one) => one.scopes.flat(2)),
    ...topics.map(({ scope }) => scope),
  ]);

  expect([...scopes].toSorted()).toEqual(scopeNames.toSorted());
  expect([...policies].filter((policy) => !policyNames.includes(policy))).toEqual([]);
});

test('a tag names an audience, says on whom a value depends, or how an event may be dropped', () => {
  const tags = [...types, ...fields.map(({ field }) => field)].flatMap(({ directives }) =>
    named(directives, 'tag').map((tag) => argument(tag, 'name')),
  );
  const names = new Set(tags.map((value) => (value?.kind === Kind.STRING ? value.value : '')));

  const others = ['coalescible', 'retracting', 'rights', 'viewer'];
  expect([...names].toSorted()).toEqual([...contractNames, ...others].toSorted());
});

test('whoever is not signed in can change nothing but sessions and signals', () => {
  const open = fields.filter(
    ({ type, field }) =>
      type === 'Mutation' && !has(field, 'authenticated') && !has(field, 'policy'),
  );

  expect(open.map(({ field }) => field.name.value).toSorted()).toEqual([
    'recordEvents',
    'refreshSession',
    'requestPasswordReset',
    'resendVerification',
    'resetPassword',
    'signIn',
    'signUp',
    'startGuestSession',
    'verifyEmail',
  ]);
});

test('whatever a person may change, an app may only with a scope, or never', () => {
  const open = fields.filter(
    ({ coordinate, type, field }) =>
      type === 'Mutation' &&
      has(field, 'authenticated') &&
      !has(field, 'requiresScopes') &&
      !forPeopleAlone(coordinate),
  );

  expect(open.map(({ field }) => field.name.value)).toEqual(['signOut']);
});

/** What no app ever holds. */
const ofPeople = policyNames.filter((name) => /^(self|second-factor|operator.*)$/.test(name));

const forPeopleAlone = (coordinate: string): boolean =>
  rules
    .get(coordinate)
    ?.requirement?.policies.some((list) =>
      list.every((names) => names.some((name) => ofPeople.includes(name))),
    ) ?? false;

test('a policy stands only where signing in is asked for too, or where others than people hold it', () => {
  const isForOthers = (coordinate: string) =>
    rules
      .get(coordinate)
      ?.requirement?.policies.some((list) =>
        list.flat().some((name) => name === 'app' || name === 'shopper'),
      );
  const bare = fields.filter(
    ({ coordinate, field }) =>
      has(field, 'policy') && !has(field, 'authenticated') && !isForOthers(coordinate),
  );

  expect(bare.map(({ coordinate }) => coordinate)).toEqual([]);
});

test('what belongs to one viewer cannot be read by an app without a scope, however it is found', () => {
  const own = types.filter(
    (type) =>
      type.interfaces?.some(({ name }) => name.value === 'Node') &&
      named(type.directives, 'tag').some((tag) => {
        const name = argument(tag, 'name');
        return name?.kind === Kind.STRING && name.value === 'viewer';
      }),
  );
  const open = own.flatMap((type) =>
    (type.fields ?? [])
      .filter((field) => field.name.value !== 'id' && !has(field, 'requiresScopes'))
      .map((field) => `${type.name.value}.${field.name.value}`),
  );

  expect(own.map(({ name }) => name.value).toSorted()).toEqual([
    'Cart',
    'Checkout',
    'Commission',
    'Order',
    'OrderLine',
    'Package',
    'ShopApplication',
  ]);
  expect(open).toEqual([]);
});

test('a node can still be looked up by anybody', () => {
  expect(rules.get('Node.id')?.requirement).toBeNull();
  expect(rules.get('Query.node')?.requirement).toBeNull();
});

/** Fields that only sound as if they were about who asks. */
const aboutOthers: ReadonlySet<string> = new Set([
  'LiveRoom.viewerCount', // how many watch
  'RoomPulse.viewerCount',
  'ViewerMuted.viewer', // who was silenced
  'ViewerMuted.viewerName',
]);

test('a field that is named after who asks is tagged so', () => {
  const suspicious = fields.filter(({ field }) => /^(viewer|my)([A-Z]|$)/.test(field.name.value));
  const untagged = suspicious.filter(
    ({ coordinate }) =>
      !aboutOthers.has(coordinate) && rules.get(coordinate)?.dependence !== 'viewer',
  );

  expect(suspicious.length).toBeGreaterThan(aboutOthers.size);
  expect(untagged.map(({ coordinate }) => coordinate)).toEqual([]);
});

const readsViewer = (resolver: unknown): boolean =>
  typeof resolver === 'function' && /\bviewer\b(?!Count|Name)/.test(String(resolver));

test('a field whose resolver looks at who asks is tagged so', () => {
  const looking = parts.flatMap(({ schema }) =>
    Object.values(schema.getTypeMap()).flatMap((type) => {
      if (!isObjectType(type) || ['Mutation', 'Subscription'].includes(type.name)) return [];
      return Object.values(type.getFields())
        .filter(({ resolve }) => readsViewer(resolve))
        .map(({ name }) => `${type.name}.${name}`);
    }),
  );
  // An operator sees all applications, so only the right to see them depends on who asks.
  const judged = looking.filter((coordinate) => coordinate !== 'Query.shopApplications');
  const untagged = judged.filter((coordinate) => !rules.get(coordinate)?.dependence);

  expect(judged.length).toBeGreaterThan(15);
  expect(untagged).toEqual([]);
});

test('a type whose objects are found by who asks is tagged so', () => {
  const found = parts.flatMap(({ schema }) =>
    Object.values(schema.getTypeMap()).flatMap((type) => {
      // Where `@apollo/subgraph` keeps `__resolveReference`.
      const { apollo } = type.extensions as {
        apollo?: { subgraph?: { resolveReference?: unknown } };
      };
      return readsViewer(apollo?.subgraph?.resolveReference) ? [type.name] : [];
    }),
  );
  const untagged = found.filter((name) => !rules.get(`${name}.__typename`)?.dependence);

  expect(new Set(found).size).toBeGreaterThan(6);
  expect(untagged).toEqual([]);
});

test('every list says how long it may be', () => {
  const unsized = Object.values(graph.schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    if (type.name.startsWith('__') || /(Connection|Payload|Error)$/.test(type.name)) return [];
    return Object.values(type.getFields()).flatMap((field) => {
      const returned = isNonNullType(field.type) ? field.type.ofType : field.type;
      const isPage = getNamedType(returned).name.endsWith('Connection');
      const isList = isListType(returned) && isCompositeType(getNamedType(returned));
      const coordinate = `${type.name}.${field.name}`;
      const node = fields.find((one) => one.coordinate === coordinate)?.field;
      return (isPage || isList) && node && !has(node, 'listSize') ? [coordinate] : [];
    });
  });

  expect(unsized).toEqual([]);
});

test('a room is watched by all in one group: nothing in its events depends on who watches', () => {
  const read = operationReader(graph.schema);
  const needs = (text: string) => {
    const operation = read(text);
    if (!('document' in operation)) throw new Error(operation.map(String).join('\n'));
    return needsOf(graph.schema, rules, operation);
  };

  expect(
    needs(`subscription { liveRoomEvents(roomId: "liv_1") {
      ... on OrderedLiveEvent { cursor at }
      ... on CommentPosted { authorName comment { id text author { displayName } } }
      ... on RoomPulse { viewerCount likeCount }
    } }`),
  ).toEqual({ requirements: [], dependence: null });
  expect(
    needs(
      'subscription { liveRoomEvents(roomId: "liv_1") { ... on ProductSold { product { id } } } }',
    ).dependence,
  ).toBe('rights');
  expect(
    needs(
      'subscription { liveRoomEvents(roomId: "liv_1") { ... on CommentPosted { comment { author { isFollowed } } } } }',
    ).dependence,
  ).toBe('viewer');
});
