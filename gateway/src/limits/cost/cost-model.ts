import type { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { gatewayError } from '../../errors.ts';
import type { Graph } from '../../execution/graph.ts';
import type { Operation, Variables } from '../../execution/operations.ts';
import { actualWalks, type Walk } from './actual.ts';
import { type Amount, evaluate } from './amount.ts';
import { inputCosts } from './arguments.ts';
import {
  costByField,
  type FieldCost,
  type RequestedAmounts,
  requestedAmounts,
} from './requested.ts';
import { type OperationTerms, type TermSource, termsOf } from './terms.ts';
import { readWeights } from './weights.ts';

/**
 * What operations cost, by IBM's cost specification as federation has it: an object 1, a scalar 0,
 * a list as many times as it has items, and whatever `@cost` and `@listSize` say instead.
 * https://ibm.github.io/graphql-specs/cost-spec.html
 */
export interface CostModel {
  /**
   * The most an operation can cost with these variables, coerced or as the client sent them. Infinite
   * for one that is too entangled to be told.
   */
  requested(operation: Operation, variables: Variables): number;
  /** What an answer cost. `undefined` is an operation that was never begun and costs nothing. */
  actual(operation: Operation, variables: Variables, data: unknown): number;
  /** Where the requested cost comes from, dearest first. */
  explain(operation: Operation, variables: Variables): readonly FieldCost[];
  /** Lists that want exactly one of their slicing arguments and get another number of them. */
  slicingErrors(operation: Operation, variables: Variables): readonly GraphQLError[];
  /** The refusal of an operation whose requested cost is above the maximum, else null. */
  refusal(operation: Operation, variables: Variables, maximum: number): GraphQLError | null;
}

interface CompiledCost {
  readonly terms: OperationTerms | null;
  readonly requested: Amount;
  readonly amounts: RequestedAmounts;
  readonly actual: Walk | null;
}

/** How many fields a refusal names. */
const SHOWN_FIELDS = 5;

export function costModel(
  { schema, supergraphSdl }: Pick<Graph, 'schema' | 'supergraphSdl'>,
  max = 2_000,
): CostModel {
  const weights = readWeights(supergraphSdl);
  const source: TermSource = { schema, ...weights, inputCost: inputCosts(weights.weights) };
  const compiled = new LRUCache<string, CompiledCost>({ max });
  const costOf = (operation: Operation): CompiledCost => {
    const known = compiled.get(operation.key);
    if (known) return known;
    const fresh = compile(source, operation);
    compiled.set(operation.key, fresh);
    return fresh;
  };
  const requested = (operation: Operation, variables: Variables): number =>
    Math.max(0, evaluate(costOf(operation).requested, variables));
  const explain = (operation: Operation, variables: Variables): readonly FieldCost[] => {
    const { terms, amounts } = costOf(operation);
    return terms ? costByField(terms.root, amounts, variables) : [];
  };

  return {
    requested,
    explain,
    actual(operation, variables, data) {
      if (data === undefined) return 0;
      const { actual, terms } = costOf(operation);
      if (!actual || !terms) return 0;
      const answer = data ?? nothingOf(terms, variables);
      return Math.max(0, actual(answer, variables));
    },
    slicingErrors(operation, variables) {
      const rules = costOf(operation).terms?.rules ?? [];
      return rules.flatMap(({ coordinate, names, given, isAsked }) => {
        if (isAsked && !isAsked(variables)) return [];
        const actual = given(variables);
        if (actual === 1) return [];
        return gatewayError(
          'SLICING_ARGUMENT_REQUIRED',
          `${coordinate} needs exactly one of ${names.join(', ')}; ${actual} were given.`,
          { coordinate, arguments: names, limit: 1, actual },
        );
      });
    },
    refusal(operation, variables, maximum) {
      const cost = requested(operation, variables);
      if (cost <= maximum) return null;
      const fields = explain(operation, variables).slice(0, SHOWN_FIELDS);
      return tooHigh(cost, maximum, fields);
    },
  };
}

function compile(source: TermSource, operation: Operation): CompiledCost {
  const terms = termsOf(source, operation);
  const amounts = requestedAmounts();
  if (!terms) return { terms, amounts, requested: Number.POSITIVE_INFINITY, actual: null };
  return {
    terms,
    amounts,
    requested: amounts.ofSelection(terms.root),
    actual: actualWalks()(terms.root),
  };
}

/** An answer that is null as a whole: every root field was begun. */
const nothingOf = ({ root }: OperationTerms, variables: Variables): object =>
  Object.fromEntries(
    root.variants
      .flat()
      .filter(({ isAsked }) => !isAsked || isAsked(variables))
      .map(({ key }) => [key, null]),
  );

function tooHigh(cost: number, maximum: number, fields: readonly FieldCost[]): GraphQLError {
  const extensions = { limit: maximum, maximum, fields };
  if (!Number.isFinite(cost)) {
    return gatewayError(
      'COST_TOO_HIGH',
      `The cost of this operation cannot be told: it selects on too many combinations of types. At most ${maximum} is allowed.`,
      extensions,
    );
  }
  const dearest = fields.map((field) => `${field.coordinate} ${field.cost}`).join(', ');
  return gatewayError(
    'COST_TOO_HIGH',
    `This operation may cost ${cost}, at most ${maximum} is allowed. Most of it: ${dearest}. Ask for shorter pages or fewer fields.`,
    { ...extensions, actual: cost, requested: cost },
  );
}
