import {
  type ArgumentNode,
  type GraphQLArgument,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { givenFor, type Variables } from '../../execution/operations.ts';
import type { Amount } from './amount.ts';

type InputCost = (value: unknown) => number;

/**
 * What the value of an argument costs: its own `@cost`, or 1 for an object of input and 0 for
 * anything else, plus what its fields cost, for every item where it is a list. Kept per type.
 */
export function inputCosts(
  weights: ReadonlyMap<string, number>,
): (coordinate: string, argument: GraphQLArgument) => InputCost | null {
  const known = new Map<GraphQLInputObjectType, ReadonlyMap<string, InputCost>>();

  const fieldsOf = (type: GraphQLInputObjectType): ReadonlyMap<string, InputCost> => {
    const fields = known.get(type);
    if (fields) return fields;
    const fresh = new Map<string, InputCost>();
    // Before its fields: an input may hold itself.
    known.set(type, fresh);
    for (const field of Object.values(type.getFields())) {
      const cost = costOf(`${type.name}.${field.name}`, field.type);
      if (cost) fresh.set(field.name, cost);
    }
    return fresh;
  };

  const costOf = (coordinate: string, type: GraphQLInputType): InputCost | null => {
    const bare = getNamedType(type);
    const own = weights.get(coordinate) ?? weights.get(String(bare));
    if (!isInputObjectType(bare))
      return own ? perItem((value) => (value === null ? 0 : own)) : null;
    const fields = fieldsOf(bare);
    const weight = own ?? 1;
    return perItem((value) => {
      if (typeof value !== 'object' || value === null) return 0;
      let cost = weight;
      for (const [name, fieldCost] of fields) {
        // Input as the client sent it: a record by validation.
        const inner = (value as Readonly<Record<string, unknown>>)[name];
        if (inner !== undefined) cost += fieldCost(inner);
      }
      return cost;
    });
  };

  return (coordinate, { name, type }) => costOf(`${coordinate}(${name}:)`, type);
}

const perItem =
  (cost: InputCost): InputCost =>
  (value) => {
    if (!Array.isArray(value)) return cost(value);
    let sum = 0;
    for (const item of value) sum += perItem(cost)(item);
    return sum;
  };

/** Reads the value of an argument off the document and the variables; undefined where none was given. */
export type ArgumentReader = (variables: Variables) => unknown;

export function argumentReader(
  given: readonly ArgumentNode[],
  name: string,
  defaults: ReadonlyMap<string, unknown>,
): ArgumentReader | { readonly constant: unknown } {
  const node = given.find((argument) => argument.name.value === name);
  if (!node) return { constant: undefined };
  const { value } = node;
  if (value.kind === Kind.VARIABLE) {
    const variable = value.name.value;
    const fallback = defaults.get(variable);
    return (variables) => {
      const value = givenFor(variables, variable);
      return value === undefined ? fallback : value;
    };
  }
  if (!holdsVariable(value)) return { constant: valueFromASTUntyped(value) };
  return (variables) =>
    valueFromASTUntyped(value, { ...Object.fromEntries(defaults), ...variables });
}

const holdsVariable = (value: ValueNode): boolean =>
  value.kind === Kind.VARIABLE ||
  (value.kind === Kind.LIST && value.values.some(holdsVariable)) ||
  (value.kind === Kind.OBJECT && value.fields.some((field) => holdsVariable(field.value)));

/** What variables are where the client leaves them out. */
export const defaultValues = ({
  variableDefinitions,
}: OperationDefinitionNode): ReadonlyMap<string, unknown> =>
  new Map(
    (variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
    ),
  );

/** What the arguments of one field cost together. */
export function argumentsAmount(
  coordinate: string,
  declared: readonly GraphQLArgument[],
  given: readonly ArgumentNode[],
  {
    costOf,
    defaults,
  }: {
    readonly costOf: ReturnType<typeof inputCosts>;
    readonly defaults: ReadonlyMap<string, unknown>;
  },
): readonly Amount[] {
  return declared.flatMap((argument): Amount[] => {
    const cost = costOf(coordinate, argument);
    if (!cost) return [];
    const read = argumentReader(given, argument.name, defaults);
    const of = (value: unknown) => (value === undefined || value === null ? 0 : cost(value));
    return [typeof read === 'function' ? (variables) => of(read(variables)) : of(read.constant)];
  });
}
