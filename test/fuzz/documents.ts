import type { Random } from '@vitrine/demo/world/random';
import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isNonNullType,
  isUnionType,
} from 'graphql';
import { inputOf, type KnownIds } from './values.ts';

/** An operation as a client would send it. */
export interface GeneratedOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Making {
  readonly schema: GraphQLSchema;
  readonly random: Random;
  readonly ids: KnownIds;
  readonly variables: Record<string, unknown>;
  readonly declarations: string[];
  readonly fragments: string[];
  /** Fields that may still be made, so that a document stays a document. */
  left: number;
}

const MOST_FIELDS = 60;
const DEEPEST = 7;

/**
 * A random operation by the grammar and the schema: mostly valid, so that it reaches execution, with
 * a mistake here and there. The same seed makes the same document where the same ids are known.
 */
export function operationOf(
  schema: GraphQLSchema,
  random: Random,
  ids: KnownIds,
): GeneratedOperation {
  const making: Making = {
    schema,
    random,
    ids,
    variables: {},
    declarations: [],
    fragments: [],
    left: random.between(1, MOST_FIELDS),
  };
  const isMutation = random.chance(0.08);
  const root = isMutation ? schema.getMutationType() : schema.getQueryType();
  if (!root) throw new Error('the schema has no root');
  const selection = selectionOf(root, making, isMutation ? 1 : 3, 0);
  const declared = making.declarations.length > 0 ? `(${making.declarations.join(' ')})` : '';
  const keyword = isMutation ? 'mutation' : 'query';
  return {
    query: [`${keyword} Fuzz${declared} ${selection}`, ...making.fragments].join('\n'),
    variables: making.variables,
  };
}

function selectionOf(
  type: GraphQLCompositeType,
  making: Making,
  most: number,
  depth: number,
): string {
  const { random, schema } = making;
  if (isUnionType(type) || (isAbstractType(type) && random.chance(0.4))) {
    const member = random.pick(schema.getPossibleTypes(type));
    return `{ __typename ... on ${member.name} ${selectionOf(member, making, most, depth + 1)} }`;
  }
  const fields = Object.values(type.getFields());
  const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
  const isDeep = depth >= DEEPEST || making.left <= 0;
  const candidates = isDeep ? leaves : fields;
  const chosen = random.sample(candidates, random.between(1, most)).map((field) => {
    making.left -= 1;
    return fieldOf(field, making, depth);
  });
  if (chosen.length === 0) chosen.push('__typename');
  if (random.chance(0.01)) chosen.push('noSuchField');
  const body = `{ ${chosen.join(' ')} }`;
  if (depth === 0 || !random.chance(0.1)) return body;
  const name = `F${making.fragments.length}`;
  making.fragments.push(`fragment ${name} on ${type.name} ${body}`);
  return `{ ...${name} }`;
}

function fieldOf(field: GraphQLField<unknown, unknown>, making: Making, depth: number): string {
  const { random } = making;
  const given = field.args
    .filter((argument) => isNonNullType(argument.type) || isPage(argument) || random.chance(0.3))
    .map((argument) => `${argument.name}: ${variableFor(argument, making)}`);
  const type = getNamedType(field.type);
  const parts = [
    random.chance(0.1) ? `a${random.between(0, 5)}: ` : '',
    field.name,
    given.length > 0 ? `(${given.join(', ')})` : '',
    random.chance(0.05) ? ` @${random.pick(['skip', 'include'])}(if: ${random.chance(0.5)})` : '',
    isCompositeType(type) ? ` ${selectionOf(type, making, 6, depth + 1)}` : '',
  ];
  return parts.join('');
}

/** Lists want to know how long. */
const isPage = ({ name }: GraphQLArgument): boolean => name === 'first';

function variableFor(argument: GraphQLArgument, making: Making): string {
  const name = `v${making.declarations.length}`;
  const { random, ids } = making;
  making.declarations.push(`$${name}: ${argument.type}`);
  making.variables[name] = isPage(argument)
    ? random.pick([1, 5, 10, 100, 101, -1])
    : inputOf(argument.type, random, ids);
  return `$${name}`;
}
