import {
  type ExecutionResult,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  valueFromASTUntyped,
} from 'graphql';
import { gatewayError } from '../errors.ts';
import { givenFor, type Variables } from '../execution/operations.ts';
import type { Lack } from './requirements.ts';

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
  const { message, extensions } = reasonFor(lack);
  return { error: new GraphQLError(message, { path, extensions }), conditions };
};

function reasonFor(lack: Lack): GraphQLError {
  switch (lack.kind) {
    case 'SIGN_IN':
      return gatewayError('UNAUTHENTICATED', 'Sign in to do this.');
    case 'POLICY':
      return gatewayError('FORBIDDEN', 'You may not do this.');
    case 'SECOND_FACTOR':
      return gatewayError('SECOND_FACTOR_REQUIRED', 'Sign in with a one-time password to do this.');
    case 'SCOPE': {
      const { requiredScopes } = lack;
      const names = requiredScopes.map((all) => all.join(' and ')).join(', or ');
      return gatewayError('MISSING_SCOPE', `The app needs the scope ${names}.`, { requiredScopes });
    }
    default:
      return lack satisfies never;
  }
}

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
