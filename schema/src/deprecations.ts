import { deprecated } from '@vitrine/gateway/reference/deprecated';
import { isInSchema } from '@vitrine/gateway/usage/report/usage-report';
import type { GraphQLSchema } from 'graphql';

/** What a deprecation promises. */
export interface Deprecation {
  /** A coordinate, or a member of the same type: `Product.title`, `title`. */
  readonly replacement: string;
  /** The last day, `2027-03-01`, on which what is deprecated must still be there. */
  readonly removalAfter: string;
}

export const DEPRECATION_FORM = 'Use `…` instead. Removal after YYYY-MM-DD.';

/** Reads a reason of that form, with room for explanations between the two; null for any other. */
export function readDeprecation(reason: string): Deprecation | null {
  const [, replacement, removalAfter] =
    /^Use `([^`]+)`.*\. Removal after (\d{4}-\d{2}-\d{2})\.$/s.exec(reason.trim()) ?? [];
  if (replacement === undefined || removalAfter === undefined) return null;
  const date = new Date(`${removalAfter}T00:00:00Z`);
  const isDay = !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === removalAfter;
  return isDay ? { replacement, removalAfter } : null;
}

/** What is wrong with the deprecations of a schema, a line each. */
export const deprecationProblems = (schema: GraphQLSchema): string[] =>
  deprecated(schema).flatMap(({ coordinate, reason }) => {
    const read = readDeprecation(reason);
    if (!read) return [`\`${coordinate}\`: a deprecation says "${DEPRECATION_FORM}"`];
    const { replacement } = read;
    const sibling = `${coordinate.split('.')[0]}.${replacement}`;
    return isInSchema(schema, replacement) || isInSchema(schema, sibling)
      ? []
      : [`\`${coordinate}\`: its replacement \`${replacement}\` is not in the schema`];
  });
