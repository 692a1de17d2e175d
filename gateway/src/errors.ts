import type { Logger } from '@vitrine/platform/logger';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Codes the gateway itself gives, beside those of the subgraphs. */
export type GatewayErrorCode =
  | 'AUTHENTICATION_UNAVAILABLE'
  | 'BAD_REQUEST'
  | 'BAD_USER_INPUT'
  | 'COST_TOO_HIGH'
  | 'CSRF_REFUSED'
  | 'DOCUMENT_NOT_TRUSTED'
  | 'DOCUMENT_TOO_DEEP'
  | 'FORBIDDEN'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'INTERNAL_SERVER_ERROR'
  | 'MALFORMED_JSON'
  | 'MISSING_SCOPE'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_ACCEPTABLE'
  | 'NOT_FOUND'
  | 'OPERATION_WITHDRAWN'
  | 'OVERLOADED'
  | 'PAGE_SIZE_INVALID'
  | 'PERSISTED_QUERY_HASH_MISMATCH'
  | 'PERSISTED_QUERY_INVALID'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'REQUEST_TOO_LARGE'
  | 'SECOND_FACTOR_REQUIRED'
  | 'SHUTTING_DOWN'
  | 'SLICING_ARGUMENT_REQUIRED'
  | 'SLOW_CONSUMER'
  | 'SUBGRAPH_ANSWER_INVALID'
  | 'SUBGRAPH_ANSWER_TOO_LARGE'
  | 'SUBGRAPH_OVERLOADED'
  | 'SUBGRAPH_TIMEOUT'
  | 'SUBGRAPH_UNAVAILABLE'
  | 'SUBSCRIPTION_NEEDS_STREAM'
  | 'THROTTLED'
  | 'TOO_MANY_ALIASES'
  | 'TOO_MANY_CONNECTIONS'
  | 'TOO_MANY_DIRECTIVES'
  | 'TOO_MANY_FIELD_DIRECTIVES'
  | 'TOO_MANY_OPERATIONS'
  | 'TOO_MANY_OVERLAPS'
  | 'TOO_MANY_ROOT_FIELDS'
  | 'TOO_MANY_SELECTIONS'
  | 'TOO_MANY_TOKENS'
  | 'TOO_MANY_VARIABLE_VALUES'
  | 'UNAUTHENTICATED'
  | 'UNKNOWN_VARIABLE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'VALUE_MISSING'
  | 'VARIABLES_TOO_DEEP';

export const gatewayError = (
  code: GatewayErrorCode,
  message: string,
  extensions: Readonly<Record<string, unknown>> = {},
): GraphQLError => new GraphQLError(message, { extensions: { code, ...extensions } });

export const INTERNAL_MESSAGE = 'Something went wrong on our side.';

/**
 * Whether somebody meant the client to read this error: it carries a code, and not the one that
 * frameworks give to whatever was thrown.
 */
export const isIntended = ({ extensions }: Pick<GraphQLFormattedError, 'extensions'>): boolean =>
  typeof extensions?.['code'] === 'string' && extensions['code'] !== 'INTERNAL_SERVER_ERROR';

export interface Fault {
  readonly logger: Logger;
  readonly requestId: string;
  readonly serviceName?: string;
}

/** Logs what really happened and gives back what a client may know of it. */
export function hide(
  error: unknown,
  { logger, requestId, serviceName }: Fault,
): GraphQLFormattedError {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  logger.error({ err: cause, requestId, serviceName }, 'unexpected error');
  return {
    message: INTERNAL_MESSAGE,
    ...(error instanceof GraphQLError && error.path ? { path: error.path } : {}),
    extensions: {
      code: 'INTERNAL_SERVER_ERROR',
      requestId,
      ...(serviceName === undefined ? {} : { serviceName }),
    },
  };
}

/** The error itself where a client may read it, else what `hide` leaves of it. */
export function shownError(error: unknown, fault: Fault): GraphQLError {
  const isHidden = error instanceof GraphQLError && error.message === INTERNAL_MESSAGE;
  if (error instanceof GraphQLError && (isHidden || isIntended(error))) return error;
  const { message, path, extensions } = hide(error, fault);
  return new GraphQLError(message, { path: path ?? null, extensions: extensions ?? {} });
}
