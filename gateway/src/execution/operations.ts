import { hash } from 'node:crypto';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { gatewayError } from '../errors.ts';
import { documentLimits, limitExceeded } from '../limits/document-limits.ts';
import { overlapsIn } from '../limits/overlaps.ts';

/** A client's operation: parsed, valid, and identified by `key` for every cache behind it. */
export interface Operation {
  readonly key: string;
  readonly document: DocumentNode;
  readonly node: OperationDefinitionNode;
}

export type Variables = Readonly<Record<string, unknown>>;

/**
 * What the client gave for a variable; undefined where nothing. Never `variables[name]`: one may be
 * named `constructor`, which every object has, and would seem to be given.
 */
export const givenFor = (variables: Variables, name: string): unknown =>
  Object.hasOwn(variables, name) ? variables[name] : undefined;

/** A document longer than this is refused before it costs anything; real ones have a few hundred. */
export const MAX_TOKENS = 5_000;

/** Selections that validation may have to compare; real documents have a few dozen. */
export const MAX_OVERLAPS = 10_000;

/** A parsed document takes up to some hundred bytes for each character of its text. */
const MAX_KEPT_CHARACTERS = 2_000_000;

export const hashOf = (text: string): string => hash('sha256', text);

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
  return { key: `${documentHash}:${operationName ?? ''}`, document, node };
}

type Read = Operation | readonly GraphQLError[];

interface Parsed {
  readonly document: DocumentNode;
  /** Of the text, at least one. */
  readonly length: number;
  /** By operation name. */
  readonly operations: Map<string | null, Read>;
}

/**
 * Parses, validates, and holds against the limits what clients send. The same text and name give the
 * same operation, so that caches may go by it. `documentHash` where the caller knows it already.
 */
export function operationReader(
  schema: GraphQLSchema,
  limits: (operation: Operation) => readonly GraphQLError[] = documentLimits(),
): (text: string, operationName?: string | null, documentHash?: string) => Read {
  const known = new LRUCache<string, Parsed>({
    max: 1_000,
    maxSize: MAX_KEPT_CHARACTERS,
    sizeCalculation: ({ length }) => length,
  });
  const parsedOf = (text: string): Parsed | readonly GraphQLError[] => {
    try {
      const document = parse(text, { maxTokens: MAX_TOKENS });
      const overlaps = overlapsIn(document);
      if (overlaps > MAX_OVERLAPS) return [tooEntangled(overlaps)];
      const errors = validate(schema, document);
      return errors.length === 0
        ? { document, length: text.length || 1, operations: new Map() }
        : errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'));
    } catch (error) {
      if (error instanceof RangeError) return [tooDeep()];
      if (!(error instanceof GraphQLError)) throw error;
      return [TOO_LONG.test(error.message) ? tooLong() : coded(error, 'GRAPHQL_PARSE_FAILED')];
    }
  };
  return (text, operationName, documentHash = hashOf(text)) => {
    let parsed = known.get(documentHash);
    if (!parsed) {
      const fresh = parsedOf(text);
      // Documents that are refused cost little and would push out those in use.
      if (!('document' in fresh)) return fresh;
      parsed = fresh;
      known.set(documentHash, parsed);
    }
    const name = operationName ?? null;
    const before = parsed.operations.get(name);
    if (before) return before;
    const operation = operationOf(parsed.document, documentHash, name);
    // Not kept: there are as many names of nothing as a client likes.
    if (operation instanceof GraphQLError) return [operation];
    // Validation lets this pass: it finds no type to hold the fields against.
    const kind = operation.node.operation;
    if (!schema.getRootType(kind)) {
      return [gatewayError('GRAPHQL_VALIDATION_FAILED', `There is no ${kind} in this graph.`)];
    }
    const errors = limits(operation);
    const read = errors.length > 0 ? errors : operation;
    parsed.operations.set(name, read);
    return read;
  };
}

const TOO_LONG = /more that \d+ tokens/;

const tooLong = (): GraphQLError =>
  gatewayError(
    'TOO_MANY_TOKENS',
    `A document has at most ${MAX_TOKENS} tokens (names, brackets, values); reading stopped there.`,
    { limit: MAX_TOKENS },
  );

const tooEntangled = (actual: number): GraphQLError =>
  limitExceeded({
    code: 'TOO_MANY_OVERLAPS',
    limit: MAX_OVERLAPS,
    actual,
    message: 'The document selects the same fields, or spreads fragments, too often in one place.',
  });

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
