import type { UserErrorValue } from '@vitrine/platform/user-errors';
import type { GraphQLError } from 'graphql';
import type { Graph } from '../execution/graph.ts';
import {
  type Operation,
  operationReader,
  type Variables,
  variableErrors,
} from '../execution/operations.ts';
import { costModel } from '../limits/cost/cost-model.ts';
import { MAX_COST } from '../limits/cost/maximum-cost.ts';
import type { FieldCost } from '../limits/cost/requested.ts';
import { documentLimits } from '../limits/document-limits.ts';
import { variableLimits } from '../limits/variable-limits.ts';

export interface ExplainCostArgs {
  readonly document: string;
  readonly operationName?: string | null;
  readonly variables?: string | null;
}

interface InvalidDocumentError extends UserErrorValue<'InvalidDocumentError'> {
  readonly line: number | null;
  readonly column: number | null;
}

export interface CostExplanation {
  readonly requested: number | null;
  readonly maximum: number;
  readonly isAllowed: boolean;
  readonly fields: readonly FieldCost[];
  readonly exceededLimits: readonly {
    readonly code: string;
    readonly message: string;
    readonly limit: number | null;
    readonly actual: number | null;
  }[];
  readonly userErrors: readonly (InvalidDocumentError | UserErrorValue<'InvalidInputError'>)[];
}

export type ExplainCost = (args: ExplainCostArgs) => CostExplanation;

const MAX_FIELDS = 100;
const MAX_PROBLEMS = 20;

/**
 * Explains what operations on a graph would cost. The model is compiled when the first one is asked
 * for; limits are told, not enforced, so that whoever wrote a document learns all of them at once.
 */
export function costExplainer(graph: Pick<Graph, 'schema' | 'supergraphSdl'>): ExplainCost {
  let opened: ReturnType<typeof open> | undefined;
  const open = () => ({
    read: operationReader(graph.schema, () => []),
    model: costModel(graph),
    documentErrors: documentLimits(),
    variableErrors: variableLimits(),
  });

  const explain = (
    operation: Operation,
    variables: Variables,
    { model, ...limits }: ReturnType<typeof open>,
  ): CostExplanation => {
    const maximum = MAX_COST.any;
    const tooMuch = [
      ...limits.documentErrors(operation),
      ...limits.variableErrors(operation, variables),
    ];
    // What its limits refuse is not compiled: they are what bounds that work.
    if (tooMuch.length > 0) return { ...nothing, exceededLimits: tooMuch.map(limitOf) };
    const requested = model.requested(operation, variables);
    const tooDear = model.refusal(operation, variables, maximum);
    const exceeded = [
      ...model.slicingErrors(operation, variables),
      ...(tooDear ? [tooDear] : []),
    ].map(limitOf);
    return {
      requested: Number.isFinite(requested) ? requested : null,
      maximum,
      isAllowed: exceeded.length === 0,
      fields: model.explain(operation, variables).slice(0, MAX_FIELDS),
      exceededLimits: exceeded,
      userErrors: [],
    };
  };

  return ({ document, operationName, variables: text }) => {
    opened ??= open();
    const operation = opened.read(document, operationName);
    if (!('document' in operation)) return refused(operation.map(invalidDocument));
    const variables = variablesOf(text);
    if (!variables) return refused([invalidVariables('VARIABLES_NOT_JSON', NOT_JSON)]);
    const wrong = text ? variableErrors(graph.schema, operation, variables) : [];
    if (wrong.length > 0) {
      return refused(wrong.map((error) => invalidVariables(codeOf(error), error.message)));
    }
    return explain(operation, variables, opened);
  };
}

const nothing: CostExplanation = {
  requested: null,
  maximum: MAX_COST.any,
  isAllowed: false,
  fields: [],
  exceededLimits: [],
  userErrors: [],
};

const refused = (userErrors: CostExplanation['userErrors']): CostExplanation => ({
  ...nothing,
  userErrors: userErrors.slice(0, MAX_PROBLEMS),
});

const NOT_JSON = 'The variables must be a JSON object, such as {"first": 10}.';

function variablesOf(text: string | null | undefined): Variables | null {
  if (!text) return {};
  try {
    const value: unknown = JSON.parse(text);
    // Neither null nor a list: a record of whatever the client sends, checked by the operation.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Variables)
      : null;
  } catch {
    return null;
  }
}

const codeOf = ({ extensions: { code } }: GraphQLError): string =>
  typeof code === 'string' ? code : 'BAD_USER_INPUT';

const invalidVariables = (code: string, message: string): UserErrorValue<'InvalidInputError'> => ({
  __typename: 'InvalidInputError',
  code,
  message,
  path: ['variables'],
  retryable: false,
});

function invalidDocument(error: GraphQLError): InvalidDocumentError {
  const [place] = error.locations ?? [];
  return {
    __typename: 'InvalidDocumentError',
    code: codeOf(error),
    message: error.message,
    path: ['document'],
    retryable: false,
    line: place?.line ?? null,
    column: place?.column ?? null,
  };
}

function limitOf(error: GraphQLError): CostExplanation['exceededLimits'][number] {
  const { limit, actual } = error.extensions;
  return {
    code: codeOf(error),
    message: error.message,
    limit: typeof limit === 'number' ? limit : null,
    actual: typeof actual === 'number' ? actual : null,
  };
}
