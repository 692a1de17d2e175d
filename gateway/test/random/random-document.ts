import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  parse,
  validate,
} from 'graphql';
import { numbersFrom } from './numbers.ts';

export interface RandomOperation {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const SCALARS: Readonly<Record<string, unknown>> = {
  Int: 2,
  Float: 1.5,
  String: 'some "text"',
  ID: 'id-1',
  Boolean: true,
  Decimal: '19.90',
  DateTime: '2026-01-01T00:00:00.000Z',
  Cursor: 'abc',
};

/**
 * A valid operation that depends on the seed alone: aliases that collide, fields selected twice,
 * fragments of both kinds on objects, interfaces and unions, arguments as literals and variables,
 * `@skip` and `@include`. A draft that is not valid is thrown away, and the next is tamer.
 */
export function randomOperation(
  schema: GraphQLSchema,
  seed: number,
  kind: 'query' | 'mutation',
  { defers = false }: { readonly defers?: boolean } = {},
): RandomOperation {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const draft = draftOf(schema, seed + attempt * 1_000_003, kind, attempt, defers);
    if (draft && validate(schema, parse(draft.text)).length === 0) return draft;
  }
  return { text: '{ __typename }', variables: {} };
}

function draftOf(
  schema: GraphQLSchema,
  seed: number,
  kind: 'query' | 'mutation',
  attempt: number,
  defers: boolean,
): RandomOperation | null {
  const next = numbersFrom(seed);
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  if (!root) return null;
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const fragments: string[] = [];
  let left = 40;

  const declare = (type: string, value: unknown, fallback = ''): string => {
    const name = `v${declared.length}`;
    declared.push(`$${name}: ${type}${fallback}`);
    if (value !== undefined) variables[name] = value;
    return `$${name}`;
  };
  const condition = (): string => {
    switch (next(14)) {
      case 0:
        return ` @include(if: ${declare('Boolean!', next(2) === 0)})`;
      case 1:
        return ` @skip(if: ${declare('Boolean!', next(2) === 0)})`;
      case 2:
        return ` @include(if: ${declare('Boolean', undefined, ` = ${next(2) === 0}`)})`;
      case 3:
        return ` @skip(if: ${next(2) === 0}) @include(if: ${next(3) > 0})`;
      default:
        return '';
    }
  };
  const literal = (type: GraphQLInputType): string | null => {
    if (isNonNullType(type)) return literal(type.ofType);
    if (isListType(type)) {
      const element = literal(type.ofType);
      return element === null ? null : `[${element}]`;
    }
    if (isEnumType(type)) return type.getValues()[next(type.getValues().length)]?.name ?? null;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(isRequiredInputField);
      const parts = fields.map((field) => [field.name, literal(field.type)] as const);
      if (parts.some(([, value]) => value === null)) return null;
      return `{ ${parts.map(([name, value]) => `${name}: ${value}`).join(' ')} }`;
    }
    return type.name in SCALARS ? JSON.stringify(SCALARS[type.name]) : null;
  };
  const argument = ({ name, type }: GraphQLArgument): string | null => {
    const named = getNamedType(type);
    if (next(2) === 0 && !isInputObjectType(named) && !isListType(type) && named.name in SCALARS) {
      return `${name}: ${declare(String(type), SCALARS[named.name])}`;
    }
    const value = literal(type);
    return value === null ? null : `${name}: ${value}`;
  };
  let labels = 0;
  const deferral = (): string => {
    if (!defers || next(2) === 0) return '';
    labels += 1;
    const label = next(2) === 0 ? `label: "L${labels}"` : '';
    const only = next(3) === 0 ? `if: ${declare('Boolean!', next(3) > 0)}` : '';
    const given = [label, only].filter((each) => each !== '').join(', ');
    return given === '' ? ' @defer' : ` @defer(${given})`;
  };
  const fieldOf = (type: GraphQLCompositeType, depth: number): string => {
    if (isUnionType(type) || next(9) === 0)
      return next(3) === 0 ? 'kindOf: __typename' : '__typename';
    const fields = Object.values(type.getFields());
    const field = fields[next(fields.length)];
    if (!field) return '__typename';
    const inner = getNamedType(field.type);
    if (isCompositeType(inner) && (depth <= 0 || left <= 0)) return '__typename';
    const chosen = field.args.filter((each) => isRequiredArgument(each) || next(2) === 0);
    const given = chosen.map(argument);
    if (chosen.some((each, index) => isRequiredArgument(each) && given[index] === null)) {
      return '__typename';
    }
    const args = given.filter((each) => each !== null);
    const alias =
      attempt < 15 && next(4) === 0
        ? aliasOf(['a', 'b', 'c', 'toString', fields[next(fields.length)]?.name][next(5)])
        : '';
    const set = isCompositeType(inner) ? ` ${withTypeName(selectionOf(inner, depth - 1))}` : '';
    return `${alias}${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${condition()}${set}`;
  };
  const fragmentOf = (type: GraphQLCompositeType, depth: number): string => {
    const overlapping = Object.values(schema.getTypeMap()).filter(
      (other): other is GraphQLCompositeType =>
        isCompositeType(other) && !other.name.startsWith('__') && overlap(schema, type, other),
    );
    const target = overlapping[next(overlapping.length)] ?? type;
    const set = selectionOf(target, depth);
    if (next(4) > 0)
      return `...${next(5) === 0 && target === type ? '' : ` on ${target.name}`}${condition()}${deferral()} ${set}`;
    const name = `F${fragments.length}`;
    fragments.push(`fragment ${name} on ${target.name} ${set}`);
    return `...${name}${condition()}${deferral()}`;
  };
  const selectionOf = (type: GraphQLCompositeType, depth: number): string => {
    const parts: string[] = [];
    for (let count = 1 + next(5); count > 0; count -= 1) {
      left -= 1;
      parts.push(next(4) === 0 && left > 0 ? fragmentOf(type, depth) : fieldOf(type, depth));
    }
    return `{ ${parts.join(' ')} }`;
  };

  const body = selectionOf(root, 5);
  const head = declared.length > 0 ? `(${declared.join(', ')})` : '';
  return { text: [`${kind} Random${head} ${body}`, ...fragments].join('\n'), variables };
}

/**
 * The oracle leaves out `... on Interface { ... on Type { field } }` where it does not know the
 * object's type, and the planner asks for it only where the client does.
 */
const withTypeName = (set: string): string =>
  set.includes('...') ? set.replace('{', '{ __typename') : set;

/** The planner mixes up a key, or what a field requires, with another field that has its name. */
const aliasOf = (name = 'a'): string => (NEEDED.has(name) ? '' : `${name}: `);

const NEEDED = new Set(['id', 'sku', 'size', 'weight', 'dims', 'shipping', 'w', 'h', 'inner']);

/** Whether an object may be of both types. */
function overlap(
  schema: GraphQLSchema,
  one: GraphQLCompositeType,
  other: GraphQLCompositeType,
): boolean {
  const typesOf = (type: GraphQLCompositeType) =>
    isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const names = new Set(typesOf(one).map(({ name }) => name));
  return typesOf(other).some(({ name }) => names.has(name));
}
