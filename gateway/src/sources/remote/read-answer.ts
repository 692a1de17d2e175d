import type { GraphQLFormattedError } from 'graphql';
import type { SubgraphAnswer } from '../../execution/source.ts';

/** Nobody reads more, and each is copied on its way to the client. */
const MOST_ERRORS = 100;

/**
 * A reply as a GraphQL result, or null where it is none. Checks all that later code relies on and
 * nothing inside `data`, whose values are read one by one against the schema anyway. A schema
 * library would copy every object on the way.
 */
export function readAnswer(body: Buffer): SubgraphAnswer | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    return null;
  }
  if (!isRecord(parsed)) return null;
  const { data, errors } = parsed;
  if (data !== null && data !== undefined && !isRecord(data)) return null;
  if (errors === undefined || errors === null) return data === undefined ? null : { data };
  if (!Array.isArray(errors)) return null;
  const read: GraphQLFormattedError[] = [];
  for (const error of errors.slice(0, MOST_ERRORS)) {
    const formatted = errorOf(error);
    if (!formatted) return null;
    read.push(formatted);
  }
  // An empty list is forbidden, and harmless beside data.
  if (read.length === 0) return data === undefined || data === null ? null : { data };
  return data === undefined ? { errors: read } : { data, errors: read };
}

function errorOf(value: unknown): GraphQLFormattedError | null {
  if (!isRecord(value)) return null;
  const { message, path, extensions } = value;
  if (typeof message !== 'string') return null;
  if (path !== undefined && path !== null && !isPath(path)) return null;
  if (extensions !== undefined && extensions !== null && !isRecord(extensions)) return null;
  return {
    message,
    ...(path ? { path } : {}),
    ...(extensions ? { extensions } : {}),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isPath = (value: unknown): value is (string | number)[] =>
  Array.isArray(value) &&
  value.every((key) => typeof key === 'string' || (Number.isInteger(key) && key >= 0));
