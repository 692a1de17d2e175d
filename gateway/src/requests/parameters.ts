import { gatewayError } from '../errors.ts';
import type { Variables } from '../execution/operations.ts';

/** What a client says of one operation, by GraphQL over HTTP, section 5.1. */
export interface Parameters {
  /** The document, or null where the client sends its hash alone. */
  readonly query: string | null;
  /** Names a trusted document: `sha256:` and the hash of its text. */
  readonly documentId: string | null;
  readonly operationName: string | null;
  readonly variables: Variables;
  readonly extensions: Readonly<Record<string, unknown>>;
}

type Values = Readonly<Record<string, unknown>>;

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const none: Values = Object.freeze({});

/** Throws `BAD_REQUEST` that names the first parameter of the wrong type. */
export function parametersOf(body: unknown): Parameters {
  if (!isValues(body)) throw badRequest('The body must be one JSON object.');
  const query = textOf(body, 'query');
  const documentId = textOf(body, 'documentId');
  const extensions = valuesOf(body, 'extensions');
  if (query === null && documentId === null && !('persistedQuery' in extensions)) {
    throw badRequest('Send a "query", or the "documentId" of a trusted document.');
  }
  return {
    query,
    documentId,
    operationName: textOf(body, 'operationName'),
    variables: valuesOf(body, 'variables'),
    extensions,
  };
}

/** The same from the address of a GET, where objects are written as JSON. */
export function parametersOfSearch(search: Values): Parameters {
  return parametersOf({
    ...search,
    variables: parsed(search, 'variables'),
    extensions: parsed(search, 'extensions'),
  });
}

function textOf(body: Values, name: string): string | null {
  const value = body[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw badRequest(`"${name}" must be a text.`);
  return value;
}

function valuesOf(body: Values, name: string): Values {
  const value = body[name];
  if (value === undefined || value === null) return none;
  if (!isValues(value)) throw badRequest(`"${name}" must be an object.`);
  return value;
}

function parsed(search: Values, name: string): unknown {
  const text = search[name];
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(String(text));
  } catch {
    throw badRequest(`"${name}" must be JSON.`);
  }
}

const badRequest = (message: string) => gatewayError('BAD_REQUEST', message);
