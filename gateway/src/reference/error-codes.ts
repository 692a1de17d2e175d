import type { GatewayErrorCode } from '../errors.ts';

/** Where a code turns up first: before, at, or after the execution of an operation. */
export type ErrorGroup = 'request' | 'rights' | 'limits' | 'execution' | 'subscriptions';

export interface ErrorMeaning {
  readonly group: ErrorGroup;
  /** What has happened. */
  readonly meaning: string;
  /** What a client does about it. */
  readonly remedy: string;
}

const refused = 'Correct the request; it will not succeed as it is.';

/** Codes that subgraphs give at the top of an answer, beside those of the gateway. */
type SubgraphErrorCode =
  | 'CURSOR_INVALID'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'OPERATION_RESOLUTION_FAILURE'
  | 'UNKNOWN_CATEGORY'
  | 'UNKNOWN_MARKET';

/** Every `extensions.code` of a top-level error. A new code of the gateway does not compile until it is explained. */
export const errorMeanings: Readonly<Record<GatewayErrorCode | SubgraphErrorCode, ErrorMeaning>> = {
  MALFORMED_JSON: { group: 'request', meaning: 'The body is not JSON.', remedy: refused },
  BAD_REQUEST: {
    group: 'request',
    meaning: 'The request is not one of GraphQL over HTTP, such as one without a document.',
    remedy: refused,
  },
  UNSUPPORTED_MEDIA_TYPE: {
    group: 'request',
    meaning: 'The body has another media type than JSON.',
    remedy: 'Send `content-type: application/json`.',
  },
  NOT_ACCEPTABLE: {
    group: 'request',
    meaning: 'The `accept` header allows no form in which we answer.',
    remedy: 'Accept `application/graphql-response+json` or `application/json`.',
  },
  METHOD_NOT_ALLOWED: {
    group: 'request',
    meaning: 'A method other than GET and POST, or a mutation by GET.',
    remedy: 'Send it by POST.',
  },
  NOT_FOUND: {
    group: 'request',
    meaning: 'There is nothing at this address.',
    remedy: 'The graph is at `/graphql`.',
  },
  CSRF_REFUSED: {
    group: 'request',
    meaning: 'A browser of another site could have sent this without asking first.',
    remedy: 'Send `content-type: application/json`, or the header `apollo-require-preflight`.',
  },
  REQUEST_TOO_LARGE: {
    group: 'request',
    meaning: 'The body exceeds what a request may have.',
    remedy: 'Send less at once.',
  },
  GRAPHQL_PARSE_FAILED: {
    group: 'request',
    meaning: 'The document is not GraphQL.',
    remedy: refused,
  },
  GRAPHQL_VALIDATION_FAILED: {
    group: 'request',
    meaning: 'The document does not fit the schema; `locations` says where.',
    remedy: refused,
  },
  OPERATION_RESOLUTION_FAILURE: {
    group: 'request',
    meaning: 'The document holds several operations, or not the one that was named.',
    remedy: 'Send `operationName`.',
  },
  BAD_USER_INPUT: {
    group: 'request',
    meaning: 'A variable or an argument has a value that its type does not allow.',
    remedy: refused,
  },
  UNKNOWN_VARIABLE: {
    group: 'request',
    meaning: 'A variable was sent that no operation of the document declares.',
    remedy: refused,
  },
  PAGE_SIZE_INVALID: {
    group: 'request',
    meaning: 'A list was asked for without `first` or `last`, with both, or with more than 100.',
    remedy: 'Ask for 1 to 100.',
  },
  CURSOR_INVALID: {
    group: 'request',
    meaning: 'A cursor that was not given out for this list or stream.',
    remedy: 'Begin without a cursor.',
  },
  UNKNOWN_MARKET: {
    group: 'request',
    meaning: 'There is no such market.',
    remedy: '`Query.markets` has all.',
  },
  UNKNOWN_CATEGORY: {
    group: 'request',
    meaning: 'There is no such category.',
    remedy: '`Query.categories` has all.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    group: 'request',
    meaning: 'Only a hash was sent, and its document is not known here.',
    remedy: 'Send the hash with the document once.',
  },
  PERSISTED_QUERY_HASH_MISMATCH: {
    group: 'request',
    meaning: 'The hash is not that of the document it came with.',
    remedy: 'Send the SHA-256 of the text, in hexadecimal.',
  },
  PERSISTED_QUERY_INVALID: {
    group: 'request',
    meaning: 'What was sent for a persisted query is none.',
    remedy: refused,
  },
  DOCUMENT_NOT_TRUSTED: {
    group: 'request',
    meaning: 'This deployment takes documents of its own clients only.',
    remedy: 'Send the hash of a document that was registered.',
  },
  UNAUTHENTICATED: {
    group: 'rights',
    meaning: 'The token is missing, malformed or expired, or its session has ended.',
    remedy: 'Sign in, or exchange the refresh token by `refreshSession`.',
  },
  AUTHENTICATION_UNAVAILABLE: {
    group: 'rights',
    meaning: 'The token of an app cannot be checked at the moment. A socket is closed with 1013.',
    remedy: 'Send the same again after the time in `Retry-After`.',
  },
  MISSING_SCOPE: {
    group: 'rights',
    meaning: 'The field is null, since the token lacks a scope; `requiredScopes` names it.',
    remedy: 'Ask for a token with that scope, or leave the field out.',
  },
  FORBIDDEN: {
    group: 'rights',
    meaning: 'The viewer may not do this.',
    remedy: 'Somebody with the role has to do it.',
  },
  SECOND_FACTOR_REQUIRED: {
    group: 'rights',
    meaning: 'The viewer may do this, but their session was opened by a password alone.',
    remedy: 'Sign in with a one-time password, and send it again.',
  },
  COST_TOO_HIGH: {
    group: 'limits',
    meaning: 'The operation would cost more than any one may.',
    remedy: 'Ask for shorter lists or less of each; `explainCost` tells where the cost lies.',
  },
  THROTTLED: {
    group: 'limits',
    meaning: 'Too much cost in too little time.',
    remedy: 'Wait as long as `Retry-After` says.',
  },
  OVERLOADED: {
    group: 'limits',
    meaning: 'The gateway has more to do than it can, and refuses early.',
    remedy: 'Try again after a pause that grows.',
  },
  SUBGRAPH_OVERLOADED: {
    group: 'limits',
    meaning: 'One service has more to do than it can; its fields are null.',
    remedy: 'Try again after a pause that grows.',
  },
  DOCUMENT_TOO_DEEP: {
    group: 'limits',
    meaning: 'Selections are nested too deeply.',
    remedy: refused,
  },
  VARIABLES_TOO_DEEP: {
    group: 'limits',
    meaning: 'Variables are nested too deeply.',
    remedy: refused,
  },
  SLICING_ARGUMENT_REQUIRED: {
    group: 'limits',
    meaning: 'A list was asked for without saying how much of it.',
    remedy: 'Pass `first` or `last`.',
  },
  TOO_MANY_ALIASES: { group: 'limits', meaning: 'Too many aliases.', remedy: refused },
  TOO_MANY_DIRECTIVES: { group: 'limits', meaning: 'Too many directives.', remedy: refused },
  TOO_MANY_FIELD_DIRECTIVES: {
    group: 'limits',
    meaning: 'Too many directives on one field.',
    remedy: refused,
  },
  TOO_MANY_ROOT_FIELDS: {
    group: 'limits',
    meaning: 'Too many fields at the root of the operation.',
    remedy: 'Send several operations.',
  },
  TOO_MANY_SELECTIONS: { group: 'limits', meaning: 'Too many selections.', remedy: refused },
  TOO_MANY_OVERLAPS: {
    group: 'limits',
    meaning: 'The document selects the same fields again and again.',
    remedy: refused,
  },
  TOO_MANY_TOKENS: { group: 'limits', meaning: 'The document is too long.', remedy: refused },
  TOO_MANY_VARIABLE_VALUES: {
    group: 'limits',
    meaning: 'Variables hold too many values.',
    remedy: 'Send several operations.',
  },
  INTERNAL_SERVER_ERROR: {
    group: 'execution',
    meaning: 'Something went wrong on our side; `requestId` finds it in our logs.',
    remedy: 'Try a query again. A mutation: again with the same `idempotencyKey`.',
  },
  SUBGRAPH_UNAVAILABLE: {
    group: 'execution',
    meaning:
      'One service is away; `serviceName` says which. Its fields are null, the rest is there.',
    remedy: 'Show what is there, and try again later.',
  },
  SUBGRAPH_TIMEOUT: {
    group: 'execution',
    meaning: 'One service did not answer in time; `serviceName` says which.',
    remedy: 'A query: again. A mutation: again with the same `idempotencyKey`.',
  },
  SUBGRAPH_ANSWER_INVALID: {
    group: 'execution',
    meaning: 'One service answered with something that is no answer; its fields are null.',
    remedy: 'Show what is there, and report it with its `requestId`.',
  },
  SUBGRAPH_ANSWER_TOO_LARGE: {
    group: 'execution',
    meaning: 'One service had more to say than an answer may hold; its fields are null.',
    remedy: 'Ask for shorter lists.',
  },
  VALUE_MISSING: {
    group: 'execution',
    meaning: 'A field that is never null had no value, so what holds it is null.',
    remedy: 'Report it with its `requestId`.',
  },
  SUBSCRIPTION_NEEDS_STREAM: {
    group: 'subscriptions',
    meaning: 'A subscription was sent where there is one answer only.',
    remedy: 'Use WebSocket (`graphql-transport-ws`) or `accept: text/event-stream`.',
  },
  SLOW_CONSUMER: {
    group: 'subscriptions',
    meaning: 'The client reads more slowly than events come and was let go.',
    remedy: 'Subscribe again with the last cursor as `resumeAfter`.',
  },
  SHUTTING_DOWN: {
    group: 'subscriptions',
    meaning: 'This server is about to end.',
    remedy: 'Connect again, after a short random pause, and resume.',
  },
  OPERATION_WITHDRAWN: {
    group: 'subscriptions',
    meaning: 'The graph has changed, and the running subscription is no longer valid in it.',
    remedy: 'Bring the client up to date.',
  },
  TOO_MANY_CONNECTIONS: {
    group: 'subscriptions',
    meaning: 'The viewer or this server has too many sockets open.',
    remedy: 'Run several operations over one socket.',
  },
  TOO_MANY_OPERATIONS: {
    group: 'subscriptions',
    meaning: 'Too many operations run on one socket.',
    remedy: 'End what is no longer shown.',
  },
};
