import { CriticalityLevel, diff } from '@graphql-inspector/core';
import type { GraphQLSchema } from 'graphql';

/** A change after which an operation that worked may fail. */
export interface BreakingChange {
  /** Schema coordinate, such as `Product.title`. */
  readonly coordinate: string;
  readonly message: string;
}

/** Breaking changes from one public schema to the next, by schema coordinate. */
export async function breakingChanges(
  before: GraphQLSchema,
  after: GraphQLSchema,
): Promise<BreakingChange[]> {
  const changes = await diff(before, after);
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ path, message }) => ({ coordinate: path ?? 'schema', message }));
}

/**
 * Changes that the changelog does not announce. An entry announces a change when the lines added to
 * the changelog name its coordinate in backticks, as in `` - `Product.title`: removed, use … ``.
 */
export const unannounced = (
  changes: readonly BreakingChange[],
  addedLines: string,
): BreakingChange[] =>
  changes.filter(({ coordinate }) => !addedLines.includes(`\`${coordinate}\``));
