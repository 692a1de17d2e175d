import { refusalOf } from '@vitrine/platform/access/refusal';
import type { Lack } from '@vitrine/platform/access/requirements';
import {
  type ExecutionResult,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  valueFromASTUntyped,
} from 'graphql';
import { givenFor, type Variables } from '../execution/operations.ts';

/** Stands for every item of a list in the path of a denied field, as in Apollo Router. */
export const ANY_ITEM = '@';

/** A field is only asked for while this variable has this value. */
export interface Condition {
  readonly variable: string;
  readonly wanted: boolean;
}

/** A place of an operation that the viewer may not see. */
export interface Denial {
  readonly error: GraphQLError;
  readonly conditions: readonly Condition[];
}

export const denied = (
  lack: Lack,
  path: readonly string[],
  conditions: readonly Condition[],
): Denial => {
  const { message, extensions } = refusalOf(lack);
  return { error: new GraphQLError(message, { path, extensions }), conditions };
};

/** Errors of those places that the client asks for with these variables. */
export function errorsOf(
  denials: readonly Denial[],
  node: OperationDefinitionNode,
  variables: Variables,
): readonly GraphQLError[] {
  const holds = ({ variable, wanted }: Condition): boolean =>
    (givenFor(variables, variable) ?? defaultOf(node, variable)) === wanted;
  const asked = denials.filter(({ conditions }) => conditions.every((one) => holds(one)));
  // One place may be asked for under several conditions, and be several fields behind one alias.
  return [
    ...new Map(
      asked.map(({ error }) => [`${placeOf(error.path)} ${error.message}`, error]),
    ).values(),
  ];
}

function defaultOf(node: OperationDefinitionNode, variable: string): unknown {
  const value = node.variableDefinitions?.find((one) => one.variable.name.value === variable);
  return value?.defaultValue?.kind === Kind.BOOLEAN
    ? valueFromASTUntyped(value.defaultValue)
    : undefined;
}

/**
 * The result with the errors of what was not asked for in front. A field that may not be null and
 * was denied is missing to the executor as well; that is one cause and one error, the denial.
 */
export function withDenials(
  result: ExecutionResult,
  errors: readonly GraphQLError[],
): ExecutionResult {
  if (errors.length === 0) return result;
  const explained = new Set(errors.map(({ path }) => placeOf(path)));
  const others = (result.errors ?? []).filter(
    ({ path, extensions }) =>
      extensions?.['code'] !== 'VALUE_MISSING' || !explained.has(placeOf(path)),
  );
  return { ...result, errors: [...errors, ...others] };
}

const placeOf = (path: GraphQLError['path']): string =>
  JSON.stringify((path ?? []).map((key) => (typeof key === 'number' ? ANY_ITEM : key)));
