import {
  type FieldNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isNonNullType,
  locatedError,
  type OperationDefinitionNode,
  type ResponsePath,
  responsePathAsArray,
} from 'graphql';
import type { Fragments } from './collect-fields.ts';
import type { Variables } from './read-variables.ts';

export type Path = ResponsePath;

/** One execution of an operation. */
export interface Run {
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  readonly variables: Variables;
  readonly errors: CollectedErrors;
}

/** A field of the operation, at one place of the answer. */
export interface Place {
  readonly schema: GraphQLSchema;
  readonly fragments: Fragments;
  readonly operation: OperationDefinitionNode;
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly key: string;
}

export const pathOf = ({ key, parentType }: Place, prev: Path | undefined): Path => ({
  prev,
  key,
  typename: parentType.name,
});

export const infoOf = (place: Place, run: Run, path: Path): GraphQLResolveInfo => ({
  fieldName: place.definition.name,
  fieldNodes: place.nodes,
  returnType: place.definition.type,
  parentType: place.parentType,
  path,
  schema: place.schema,
  fragments: place.fragments,
  rootValue: run.rootValue,
  operation: place.operation,
  variableValues: run.variables,
});

/**
 * Errors of one run. An error below a place that another error has made null already is left out,
 * so that answers do not depend on which of two failing siblings is faster.
 */
export interface CollectedErrors {
  readonly list: GraphQLError[];
  add(error: GraphQLError, path: Path | undefined): void;
}

export function collectedErrors(): CollectedErrors {
  const list: GraphQLError[] = [];
  // Made with the first error; most runs have none.
  let nulled: Set<Path | undefined> | undefined;
  const isNulled = (start: Path | undefined): boolean => {
    if (!nulled) return false;
    for (let path = start; path !== undefined; path = path.prev) {
      if (nulled.has(path)) return true;
    }
    return nulled.has(undefined);
  };
  return {
    list,
    add(error, path) {
      if (isNulled(path)) return;
      nulled ??= new Set();
      nulled.add(path);
      list.push(error);
    },
  };
}

/** Null with a collected error, or the error thrown on where null is not allowed. */
export function failedAt(
  { nodes }: Place,
  type: GraphQLField<unknown, unknown>['type'],
  run: Run,
  path: Path,
  cause: unknown,
): null {
  const error = locatedError(cause, nodes, responsePathAsArray(path));
  if (isNonNullType(type)) throw error;
  run.errors.add(error, path);
  return null;
}

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as { then?: unknown }).then === 'function'; // any object may lack it

/** A map without a prototype, so that a client's alias `__proto__` is a name like any other. */
export const Answer = function Answer() {} as unknown as new () => Record<string, unknown>;
Answer.prototype = Object.create(null);
