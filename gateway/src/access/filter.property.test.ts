import { aGuest, anApp, anOperator, aViewer } from '@vitrine/testkit/viewers';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';
import { compose, small } from '../../test/small-graph.ts';
import { loadGraph } from '../execution/graph.ts';
import { operationReader } from '../execution/operations.ts';
import { accessOf } from './access.ts';
import { fragmentsOf } from './analysis.ts';

/** Requirements on types, fields, implementations of interfaces and members of unions. */
const hostile = small(
  'accounts',
  `type Query { a: A  b: B @authenticated  i: I  u: U!  list: [[I!]!]  n: Int }
   interface I { x: Int  next: I }
   interface J { y: String! }
   union U = A | B | C
   type A implements I & J { x: Int @requiresScopes(scopes: [["s1"]])  y: String!  next: I  u: U  c: C! }
   type B implements I { x: Int  next: I @policy(policies: [["operator"]])  self: B!
     safe: A @policy(policies: [["operator:finance", "second-factor"]])
     staff: B @policy(policies: [["staff:manager"], ["creator"]]) }
   type C implements J @authenticated @requiresScopes(scopes: [["s1", "s2"], ["s3"]]) { y: String!  deep: D }
   type D { z: Int! @policy(policies: [["app"]])  back: A! @requiresScopes(scopes: [["s2"]])  u: [U!]! }`,
  {},
);

/** The same, told by hand: what a viewer must have for a field of an object type. */
type Check = (viewer: Viewer) => boolean;
type Viewer = ReturnType<typeof aViewer> | null;
const isApp: Check = (viewer) => viewer?.appId !== undefined;
const held = (viewer: Viewer, scope: string) =>
  !isApp(viewer) || (viewer?.scopes.includes(scope) ?? false);
const signedIn: Check = (viewer) => viewer?.kind === 'PERSON';
const isOperator: Check = (viewer) =>
  !isApp(viewer) &&
  viewer?.impersonatorId === undefined &&
  (viewer?.roles.includes('OPERATOR') ?? false);
const maySeeC: Check = (viewer) =>
  signedIn(viewer) && ((held(viewer, 's1') && held(viewer, 's2')) || held(viewer, 's3'));
const checks: Readonly<Record<string, Check>> = {
  'Query.b': signedIn,
  'A.x': (viewer) => held(viewer, 's1'),
  'A.c': maySeeC,
  'B.next': isOperator,
  'B.safe': (viewer) =>
    isOperator(viewer) && viewer?.duties.includes('FINANCE') === true && viewer.hasSecondFactor,
  'B.staff': (viewer) =>
    viewer?.roles.includes('CREATOR') === true ||
    (viewer?.memberships.some(({ role }) => role !== 'AGENT') ?? false),
  'C.y': maySeeC,
  'C.deep': maySeeC,
  'C.__typename': maySeeC,
  'D.back': (viewer) => held(viewer, 's2'),
  'D.z': isApp,
};

const member = (role: 'OWNER' | 'AGENT') => ({ memberships: [{ shopId: 'shp_1', role }] });

const viewers: readonly Viewer[] = [
  null,
  aGuest(),
  aViewer(),
  aViewer({ roles: ['CREATOR'] }),
  aViewer(member('AGENT')),
  aViewer(member('OWNER')),
  aViewer({ ...member('OWNER'), hasSecondFactor: true }),
  anOperator(),
  anOperator({ duties: [] }),
  anOperator({ hasSecondFactor: false }),
  anOperator({ impersonatorId: 'usr_1' }),
  anApp({ scopes: ['s1', 's2', 's3'] }),
  aViewer({ ...member('OWNER'), appId: 'app_1', scopes: ['s1'] }),
  ...[[], ['s1'], ['s2'], ['s1', 's2'], ['s3']].map((scopes) =>
    aViewer({ appId: 'app_1', scopes }),
  ),
];

const graph = loadGraph(compose([hostile]));
const access = accessOf(graph);
const read = operationReader(graph.schema);

/** Mulberry32: the same document for the same seed. */
function randomOf(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

const ownTypes = ['A', 'B', 'C', 'D', 'I', 'J', 'U'];

function randomDocument(seed: number): string {
  const next = randomOf(seed);
  const fragments: string[] = [];
  const composites = ownTypes.flatMap((name) => {
    const type = graph.schema.getType(name);
    return isCompositeType(type) ? [type] : [];
  });
  const overlapping = (type: GraphQLCompositeType): GraphQLCompositeType => {
    const possible = composites.filter((one) =>
      objectsOf(one).some((object) => objectsOf(type).includes(object)),
    );
    return possible[next(possible.length)] ?? type;
  };
  const set = (type: GraphQLCompositeType, depth: number): string =>
    `{ ${Array.from({ length: 1 + next(3) }, () => part(type, depth)).join(' ')} }`;
  const part = (type: GraphQLCompositeType, depth: number): string => {
    const choice = next(6);
    if (choice === 0) return '__typename';
    if (depth > 0 && (choice === 1 || !('getFields' in type))) {
      const inner = type.name === 'Query' ? type : overlapping(type);
      return `... on ${inner.name} ${set(inner, depth - 1)}`;
    }
    if (depth > 0 && choice === 2) {
      const inner = type.name === 'Query' ? type : overlapping(type);
      const name = `F${fragments.length}`;
      fragments.push('');
      fragments[Number(name.slice(1))] =
        `fragment ${name} on ${inner.name} ${set(inner, depth - 1)}`;
      return `...${name}`;
    }
    if (!('getFields' in type)) return '__typename';
    const fields = Object.values(type.getFields()).filter(
      ({ args }) => !args.some(isRequiredArgument),
    );
    const field = fields[next(fields.length)];
    if (!field) return '__typename';
    const returned = getNamedType(field.type);
    // One alias for one field of one type, so that no two selections clash.
    const key = `${field.name}_${type.name}`;
    if (!isCompositeType(returned)) return `${key}: ${field.name}`;
    return depth > 0 ? `${key}: ${field.name} ${set(returned, depth - 1)}` : '__typename';
  };
  const query = graph.schema.getQueryType();
  if (!query) throw new Error('there is a query type');
  return [set(query, 7), ...fragments].join('\n');
}

const objectsOf = (type: GraphQLCompositeType): readonly GraphQLObjectType[] =>
  isAbstractType(type) ? graph.schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];

/** `everything`: nobody has all rights, since some are for apps and some for people alone. */
const isAllowed = (
  type: GraphQLCompositeType,
  field: string,
  viewer: Viewer | 'everything',
): boolean =>
  viewer === 'everything' ||
  objectsOf(type).every(({ name }) => checks[`${name}.${field}`]?.(viewer) ?? true);

/** Every field that is selected, with the way to it; what lies behind a denied field left out. */
function selected(
  document: DocumentNode,
  viewer: Viewer | 'everything',
  found = new Set<string>(),
): Set<string> {
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('there is an operation');
  const fragments: ReadonlyMap<string, FragmentDefinitionNode> = fragmentsOf({
    key: '',
    document,
    node: operation,
  });
  const walk = (set: SelectionSetNode, type: GraphQLCompositeType, path: string): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        if (!isAllowed(type, name, viewer)) continue;
        const at = `${path}/${type.name}.${(selection.alias ?? selection.name).value}`;
        if (name !== '__typename') found.add(at);
        const field = 'getFields' in type ? type.getFields()[name] : undefined;
        const returned = field && getNamedType(field.type);
        if (selection.selectionSet && isCompositeType(returned)) {
          walk(selection.selectionSet, returned, at);
        }
      } else {
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        const condition = graph.schema.getType(inner?.typeCondition?.name.value ?? type.name);
        if (inner && isCompositeType(condition)) walk(inner.selectionSet, condition, path);
      }
    }
  };
  const query = graph.schema.getQueryType();
  if (query) walk(operation.selectionSet, query, '');
  return found;
}

test('what is asked of subgraphs is all that the viewer may see, and nothing else', () => {
  let shortened = 0;
  let emptied = 0;
  for (let seed = 1; seed <= 400; seed += 1) {
    const text = randomDocument(seed);
    const operation = read(text);
    if (!('document' in operation)) throw new Error(`${text}\n${operation.join('\n')}`);
    for (const viewer of viewers) {
      const { planned, errors } = access.authorize(operation, {}, viewer);
      const may = selected(operation.document, viewer);
      const said = `seed ${seed}, ${JSON.stringify(viewer)}\n${text}`;
      if (!planned) {
        emptied += 1;
        expect(may.size, said).toBe(0);
        expect(errors.length, said).toBeGreaterThan(0);
        continue;
      }
      const asked = selected(planned.document, 'everything');
      expect([...asked].toSorted(), said).toEqual([...may].toSorted());
      expect(planned === operation, said).toBe(errors.length === 0);
      if (planned !== operation) {
        shortened += 1;
        const again = parse(print(planned.document));
        expect(validate(graph.schema, again), said).toEqual([]);
      }
    }
  }
  expect(shortened).toBeGreaterThan(300);
  expect(emptied).toBeGreaterThan(10);
}, 30_000);
