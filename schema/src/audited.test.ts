import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { auditedMutations } from '@vitrine/testkit/audited-mutations';
import { type ConstDirectiveNode, type FieldDefinitionNode, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

const mutations: readonly FieldDefinitionNode[] = parse(
  read('schema/supergraph.graphql'),
).definitions.flatMap((definition) =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.name.value === 'Mutation'
    ? (definition.fields ?? [])
    : [],
);

const isOf = (name: string, value: string) => (directive: ConstDirectiveNode) =>
  directive.name.value === name &&
  directive.arguments?.some(
    (argument) => argument.value.kind === Kind.STRING && argument.value.value === value,
  );

const isForOperators = ({ directives = [] }: FieldDefinitionNode): boolean =>
  directives.some(
    (directive) =>
      directive.name.value === 'policy' && JSON.stringify(directive).includes('"operator'),
  );

const mustBeListed = mutations.filter(
  (field) => field.directives?.some(isOf('tag', 'seller')) || isForOperators(field),
);

test('whatever sellers and operators may change is recorded, or it is said why not', () => {
  const missing = mustBeListed
    .map(({ name }) => name.value)
    .filter((name) => !(name in auditedMutations));

  expect(mustBeListed.length).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});

test('nothing is listed that is not in the graph', () => {
  const names = new Set(mutations.map(({ name }) => name.value));

  expect(Object.keys(auditedMutations).filter((name) => !names.has(name))).toEqual([]);
});

test('whatever an operator does is recorded', () => {
  const unrecorded = mutations
    .filter(isForOperators)
    .map(({ name }) => name.value)
    .filter((name) => !('actions' in (auditedMutations[name] ?? {})));

  expect(unrecorded).toEqual([]);
});

test('each action that is listed is one that the code records', () => {
  const sources = globSync('subgraphs/*/src/**/*.ts', { cwd: root })
    .filter((path) => !/\.(test|fixture)\.ts$/.test(path))
    .map(read)
    .join('\n');
  const actions = Object.values(auditedMutations).flatMap((entry) =>
    'actions' in entry ? entry.actions : [],
  );
  const unknown = actions.filter(
    (action) =>
      ![`'${action}'`, `'${withoutSubgraph(action)}'`, templateOf(action)].some((written) =>
        sources.includes(written),
      ),
  );

  expect(actions.length).toBeGreaterThan(20);
  expect(unknown).toEqual([]);
});

/** Where the participle is given by the caller: `` `affiliate.collaboration-${what}` ``. */
const templateOf = (action: string): string =>
  `\`${action.slice(0, action.lastIndexOf('-') + 1)}\${`;

/** Where the subgraph is put before it: `` `accounts.${action}` ``. */
const withoutSubgraph = (action: string): string => action.slice(action.indexOf('.') + 1);
