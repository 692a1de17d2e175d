import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { gatewayError } from '../errors.ts';

/** A client's operation: parsed, valid, and identified by `key` for every cache behind it. */
export interface Operation {
  readonly key: string;
  readonly document: DocumentNode;
  readonly node: OperationDefinitionNode;
}

export type Variables = Readonly<Record<string, unknown>>;

/** A document longer than this is refused before it costs anything; real ones have a few hundred. */
export const MAX_TOKENS = 5_000;

/**
 * One request with hundreds of aliased `signIn`s would cost as many password hashes. Real operations
 * have a few fields at the root.
 */
const MAX_ROOT_FIELDS: Readonly<Record<OperationTypeNode, number>> = {
  query: 50,
  mutation: 10,
  subscription: 1,
};

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `documentHash` is the hash of the text; a document with several operations has a key for each. */
export function operationOf(
  document: DocumentNode,
  documentHash: string,
  operationName: string | null | undefined,
): Operation | GraphQLError {
  const node = getOperationAST(document, operationName);
  if (!node) {
    return new GraphQLError(
      operationName
        ? `Unknown operation named "${operationName}".`
        : 'The document holds several operations; say which by operationName.',
      { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } },
    );
  }
  const limit = MAX_ROOT_FIELDS[node.operation];
  if (rootFieldsOf(document, node.selectionSet, limit) > limit) {
    return gatewayError(
      'TOO_MANY_ROOT_FIELDS',
      `A ${node.operation} has at most ${limit} fields at its root; send the rest in another.`,
    );
  }
  return { key: `${documentHash}:${operationName ?? ''}`, document, node };
}

/** Fields at the root, aliases and fragments counted; stops counting beyond the limit. */
function rootFieldsOf(document: DocumentNode, set: SelectionSetNode, limit: number): number {
  let count = 0;
  for (const selection of set.selections) {
    if (count > limit) return count;
    if (selection.kind === Kind.FIELD) {
      count += 1;
      continue;
    }
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : document.definitions.find(
            (definition) =>
              definition.kind === Kind.FRAGMENT_DEFINITION &&
              definition.name.value === selection.name.value,
          );
    if (inner && 'selectionSet' in inner && inner.selectionSet) {
      count += rootFieldsOf(document, inner.selectionSet, limit - count);
    }
  }
  return count;
}

type Parsed = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

/** Parses and validates what sockets and event streams send; Apollo Server does its own for HTTP. */
export function operationReader(
  schema: GraphQLSchema,
): (text: string, operationName?: string | null) => Operation | readonly GraphQLError[] {
  const known = new LRUCache<string, Parsed>({ max: 1_000 });
  const read = (text: string): Parsed => {
    try {
      const document = parse(text, { maxTokens: MAX_TOKENS });
      const errors = validate(schema, document);
      return errors.length === 0
        ? { document }
        : { errors: errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')) };
    } catch (error) {
      if (error instanceof RangeError) return { errors: [tooDeep()] };
      if (!(error instanceof GraphQLError)) throw error;
      return { errors: [coded(error, 'GRAPHQL_PARSE_FAILED')] };
    }
  };
  return (text, operationName) => {
    const hash = hashOf(text);
    let parsed = known.get(hash);
    if (!parsed) {
      parsed = read(text);
      // Documents that are refused cost little and would push out those in use.
      if ('document' in parsed) known.set(hash, parsed);
    }
    if ('errors' in parsed) return parsed.errors;
    const operation = operationOf(parsed.document, hash, operationName);
    return operation instanceof GraphQLError ? [operation] : operation;
  };
}

/** graphql-js parses by recursion: a few thousand brackets in each other end its stack. */
const tooDeep = (): GraphQLError =>
  gatewayError('GRAPHQL_PARSE_FAILED', 'The document is nested too deeply to be read.');

/** The error with its place in the document, under a code of ours. */
const coded = ({ message, nodes, source, positions, extensions }: GraphQLError, code: string) =>
  new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { ...extensions, code },
  });

/**
 * What is wrong with the variables. A variable that no operation of the document declares is a
 * typing mistake that would otherwise read as a missing value; those of a sibling operation pass,
 * since clients with one set of variables for a whole document exist.
 */
export function variableErrors(
  schema: GraphQLSchema,
  { document, node }: Operation,
  variables: Variables,
): readonly GraphQLError[] {
  const declared = new Set(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
        : [],
    ),
  );
  const unknown = Object.keys(variables).filter((name) => !declared.has(name));
  if (unknown.length > 0) {
    return unknown
      .slice(0, MAX_ERRORS)
      .map((name) =>
        gatewayError('UNKNOWN_VARIABLE', `The operation declares no variable "$${name}".`),
      );
  }
  const { errors } = getVariableValues(schema, node.variableDefinitions ?? [], variables, {
    maxErrors: MAX_ERRORS,
  });
  return errors?.map((error) => coded(error, 'BAD_USER_INPUT')) ?? [];
}

const MAX_ERRORS = 10;
