import { buildSchema, type OperationDefinitionNode, parse, print, validate } from 'graphql';
import { expect, test } from 'vitest';
import { type Operation, operationOf } from '../../execution/operations.ts';
import { liveOperation } from './live-operation.ts';

const schema = buildSchema(`
  type Query { a: Int }
  type Subscription { room(id: ID!, resumeAfter: String): Event!  ticks: Int  plain(id: ID!): Plain }
  union Event = Said | Pulse
  type Said { cursor: String!  text(length: Int): String }
  type Pulse { count: Int }
  type Plain { text: String }
`);

function operation(text: string, name?: string): Operation {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const made = operationOf(document, text, name);
  if (!('document' in made)) throw made;
  return made;
}

const live = (text: string, name?: string) => liveOperation(schema, operation(text, name));

const BY_VARIABLE = `subscription Room($id: ID!, $from: String) {
  room(id: $id, resumeAfter: $from) { ... on Said { text } }
}`;

test('a subscription asks for cursor and type under names of its own, and resumes by a variable of ours', () => {
  const { planned } = live(BY_VARIABLE);
  expect(validate(schema, planned.document)).toEqual([]);
  expect(print(planned.document)).toBe(
    print(
      parse(`subscription Room($id: ID!, $_vitrineResumeAfter: String) {
        room(id: $id, resumeAfter: $_vitrineResumeAfter) {
          ... on Said { text }
          _vitrineType: __typename
          ... on Said { _vitrineCursor: cursor }
        }
      }`),
    ),
  );
});

test.for([
  ['by variable', BY_VARIABLE, { id: '1', from: '7-0' }, '7-0'],
  ['not at all', BY_VARIABLE, { id: '1' }, null],
  ['with null', BY_VARIABLE, { id: '1', from: null }, null],
  [
    'with a default',
    BY_VARIABLE.replace('$from: String', '$from: String = "2-0"'),
    { id: '1' },
    '2-0',
  ],
  ['written out', BY_VARIABLE.replace(', $from: String', '').replace('$from', '"3-0"'), {}, '3-0'],
  [
    'by a fragment',
    'subscription ($id: ID!, $x: String) { ...F } fragment F on Subscription { room(id: $id, resumeAfter: $x) { __typename } }',
    { id: '1', x: '9-0' },
    '9-0',
  ],
] as const)('the place to begin is read where it is given %s', ([, text, variables, expected]) => {
  expect(live(text).resumeAfter({ id: '1', ...variables })).toBe(expected);
});

test('documents that differ in their place alone have one key, others have not', () => {
  const written = BY_VARIABLE.replace(', $from: String', '').replace('$from', '"3-0"');
  const { key, variablesInUse } = live(BY_VARIABLE);
  expect(variablesInUse).toEqual(['id']);
  expect(live(written).key).toBe(key);
  expect(live(BY_VARIABLE.replace('text', 'text(length: 3)')).key).not.toBe(key);
});

test('a variable that decides more than the place still tells groups apart', () => {
  const { variablesInUse } = live(
    'subscription ($x: String!) { room(id: $x, resumeAfter: $x) { __typename } }'.replace(
      'id: $x',
      'id: "1"',
    ),
  );
  expect(variablesInUse).toEqual([]);
  const filtered = live(
    'subscription ($x: String, $b: Boolean!) { room(id: "1", resumeAfter: $x) { ... on Said { text @include(if: $b) } } }',
  );
  expect(filtered.variablesInUse).toEqual(['b']);
});

test('of several operations only the one that is meant counts', () => {
  const both = `${BY_VARIABLE} query Other($n: Boolean!) { a ...G @include(if: $n) } fragment G on Query { a }`;
  const { planned, key } = live(both, 'Room');
  expect(planned.document.definitions).toHaveLength(1);
  expect(planned.node satisfies OperationDefinitionNode).toBe(planned.document.definitions[0]);
  expect(key).toBe(live(BY_VARIABLE).key);
});

test('variables for the upstream are those in use, and where it begins', () => {
  const { variables } = live(BY_VARIABLE);
  expect(variables({ id: '1', from: '7-0', other: 1 }, '8-0')).toEqual({
    id: '1',
    _vitrineResumeAfter: '8-0',
  });
});

test('an event tells its cursor and its type, also under an alias', () => {
  const { read, canResume } = live(BY_VARIABLE.replace('room(', 'mine: room('));
  expect(canResume).toBe(true);
  expect(read({ mine: { _vitrineCursor: '4-0', _vitrineType: 'Said' } })).toEqual({
    cursor: '4-0',
    type: 'Said',
  });
  expect(read({ mine: { _vitrineType: 'Pulse' } })).toEqual({ cursor: null, type: 'Pulse' });
  for (const nothing of [null, undefined, {}, { mine: null }, { mine: [] }]) {
    expect(read(nothing)).toEqual({ cursor: null, type: null });
  }
});

test.for(['subscription { ticks }', 'subscription { plain(id: "1") { text } }'])(
  '%s has no place to resume from',
  (text) => {
    const { canResume, resumeAfter, planned, variables } = live(text);
    expect([canResume, resumeAfter({})]).toEqual([false, null]);
    expect(variables({}, null)).toEqual({});
    expect(validate(schema, planned.document)).toEqual([]);
  },
);
