import type { RequestScope } from '@vitrine/platform/subgraph';
import type { GraphQLError } from 'graphql';
import type { Variables } from '../operations.ts';
import type { SubgraphAnswer } from '../source.ts';
import type { Conditions } from './conditions.ts';
import type { SharedAnswers } from './fetching/shared-answers.ts';

/** An object as subgraphs answer it: names as aliased, more fields than the client asked for. */
export type Data = Record<string, unknown>;

export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All that differs between two executions of one plan. */
export interface Run {
  readonly variables: Variables;
  readonly conditions: Conditions;
  readonly scope: RequestScope;
  /** Stand in for sources of that name. */
  readonly stubs: Readonly<Record<string, SubgraphAnswer>> | undefined;
  /** What subgraphs have answered so far, merged. */
  readonly data: Data;
  readonly errors: GraphQLError[];
  /** Made by the first fetch that has an equal in its plan. */
  shared: SharedAnswers | null;
  /** Told when a fetch that deferred parts of the plan wait for has been merged. */
  readonly arrived?: (fetchId: string) => void;
}

/** A part of a plan. Never throws nor rejects; waits only where a subgraph had to be waited for. */
export type Step = (run: Run) => Promise<void> | undefined;
