import {
  type FieldNode,
  type GraphQLField,
  getArgumentValues,
  isNonNullType,
  Kind,
  type ValueNode,
} from 'graphql';
import type { Variables } from './read-variables.ts';

export type ReadArguments = (variables: Variables) => Record<string, unknown>;

interface Argument {
  readonly name: string;
  readonly variable: string | null;
  /** Of the document, or the schema's default where a variable is not given; undefined for none. */
  readonly constant: unknown;
  readonly isRequired: boolean;
}

/** `getArgumentValues` with everything settled that does not depend on variables. */
export function readArguments(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): ReadArguments {
  if (field.args.length === 0) return () => ({});
  const slowly: ReadArguments = (variables) => getArgumentValues(field, node, variables);
  const settled = settledArguments(field, node);
  if (!settled) return slowly;
  return (variables) => {
    const values: Record<string, unknown> = {};
    for (const { name, variable, constant, isRequired } of settled) {
      const isGiven = variable !== null && Object.hasOwn(variables, variable);
      const value = isGiven ? variables[variable] : constant;
      // Refused, or harmless: graphql-js tells which, and words it.
      if (isRequired ? value === undefined || value === null : isGiven && value === undefined) {
        return slowly(variables);
      }
      if (value !== undefined) values[name] = value;
    }
    return values;
  };
}

/** Null where a value has to be read anew each time: one that a resolver could change in place. */
function settledArguments(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): readonly Argument[] | null {
  const settled: Argument[] = [];
  for (const definition of field.args) {
    const given = node.arguments?.find(({ name }) => name.value === definition.name)?.value;
    const isVariable = given?.kind === Kind.VARIABLE;
    if (given && !isVariable && !isPlain(given)) return null;
    let constant: unknown = definition.defaultValue;
    if (given && !isVariable) {
      try {
        const only = { ...field, args: [definition] };
        constant = getArgumentValues(only, node)[definition.name];
      } catch {
        return null;
      }
    }
    if (typeof constant === 'object' && constant !== null) return null;
    settled.push({
      name: definition.name,
      variable: isVariable ? given.name.value : null,
      constant,
      isRequired: isNonNullType(definition.type),
    });
  }
  return settled;
}

const isPlain = ({ kind }: ValueNode): boolean =>
  kind !== Kind.LIST && kind !== Kind.OBJECT && kind !== Kind.VARIABLE;
