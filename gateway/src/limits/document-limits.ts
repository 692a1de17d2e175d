import type { GraphQLError, OperationTypeNode } from 'graphql';
import { type GatewayErrorCode, gatewayError } from '../errors.ts';
import type { Operation } from '../execution/operations.ts';
import { type Measures, measureOperation } from './measure-document.ts';

/** How much one operation may ask for before its cost is even looked at. */
export interface DocumentLimits {
  /** Fields below each other. */
  readonly depth: number;
  readonly rootFields: Readonly<Record<OperationTypeNode, number>>;
  /** Fields, spreads and inline fragments, with every fragment spread out. */
  readonly selections: number;
  readonly aliases: number;
  /** On one field, spread, or operation. */
  readonly fieldDirectives: number;
  readonly directives: number;
  /** What `first` and `last` may be. */
  readonly pageSize: number;
  /** Objects and lists within each other in the variables. */
  readonly variableDepth: number;
  /** Values in the variables: every number, text, object and list. */
  readonly variableValues: number;
}

export const defaultLimits: DocumentLimits = {
  // The deepest path of the examples has nine; connections use two levels of it each.
  depth: 16,
  // One request with hundreds of aliased `signIn`s would cost as many password hashes. Real
  // operations have a few fields at the root; a subscription has one by the specification.
  rootFields: { query: 50, mutation: 10, subscription: 1 },
  // A document of the longest kind that is let through the parser has fewer, unless fragments multiply.
  selections: 3_000,
  // Pages alias the same field for a few variants; hundreds are an enumeration of something.
  aliases: 100,
  // `@include`, `@skip` and `@defer` stand once each; more on one field only keeps validation busy.
  fieldDirectives: 4,
  directives: 200,
  // By the conventions of the graph; subgraphs refuse more as well, but only after planning.
  pageSize: 100,
  // The deepest input of the graph has four.
  variableDepth: 12,
  // Bulk inputs have a hundred items of about twenty values.
  variableValues: 5_000,
};

interface Limit {
  readonly code: GatewayErrorCode;
  readonly limit: number;
  readonly actual: number;
  readonly message: string;
}

export const limitExceeded = ({ code, limit, actual, message }: Limit): GraphQLError =>
  gatewayError(code, message, { limit, actual });

/**
 * Tells what an operation has too much of; everything at once, each with the limit and the number
 * that was found. Pure and the same for the same document: keep the answer by `operation.key`.
 */
export const documentLimits =
  (limits: DocumentLimits = defaultLimits) =>
  (operation: Operation): readonly GraphQLError[] =>
    exceeded(measureOperation(operation), operation.node.operation, limits);

function exceeded(
  measures: Measures,
  type: OperationTypeNode,
  limits: DocumentLimits,
): readonly GraphQLError[] {
  const rootFields = limits.rootFields[type];
  const all: readonly Limit[] = [
    {
      code: 'DOCUMENT_TOO_DEEP',
      limit: limits.depth,
      actual: measures.depth,
      message: `Fields stand at most ${limits.depth} deep; these stand ${measures.depth} deep.`,
    },
    {
      code: 'TOO_MANY_ROOT_FIELDS',
      limit: rootFields,
      actual: measures.rootFields,
      message: `A ${type} has at most ${rootFields} fields at its root; this has ${measures.rootFields}. Send the rest in another.`,
    },
    {
      code: 'TOO_MANY_SELECTIONS',
      limit: limits.selections,
      actual: measures.selections,
      message: `An operation has at most ${limits.selections} selections, fragments spread out; this has ${measures.selections}.`,
    },
    {
      code: 'TOO_MANY_ALIASES',
      limit: limits.aliases,
      actual: measures.aliases,
      message: `An operation has at most ${limits.aliases} aliases; this has ${measures.aliases}.`,
    },
    {
      code: 'TOO_MANY_FIELD_DIRECTIVES',
      limit: limits.fieldDirectives,
      actual: measures.fieldDirectives,
      message: `At most ${limits.fieldDirectives} directives stand in one place; here are ${measures.fieldDirectives}.`,
    },
    {
      code: 'TOO_MANY_DIRECTIVES',
      limit: limits.directives,
      actual: measures.directives,
      message: `An operation has at most ${limits.directives} directives; this has ${measures.directives}.`,
    },
    {
      code: 'PAGE_SIZE_INVALID',
      limit: limits.pageSize,
      actual: measures.pageSize,
      message: pageMessage(limits.pageSize, measures.pageSize),
    },
  ];
  return all.filter(({ actual, limit }) => actual > limit).map(limitExceeded);
}

export const pageMessage = (limit: number, actual: number): string =>
  `A page has at most ${limit} items; ${actual} were asked for.`;
