import type { GraphQLError } from 'graphql';
import { invalidAnswerError, timeoutError, tooLargeError, unavailableError } from '../away.ts';
import { ExchangeTimeout } from './exchange.ts';

/** The subgraph replied, and it is no GraphQL result, or not the one asked for. */
export class UnusableReply extends Error {
  override readonly name = 'UnusableReply';
  readonly status: number;
  constructor(status: number, what: string) {
    super(`replied ${status} ${what}`);
    this.status = status;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

const TIMEOUTS = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const TOO_LARGE = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

/** What a client is told of a fetch that failed. */
export function awayError(serviceName: string, error: unknown): GraphQLError {
  if (error instanceof ExchangeTimeout || TIMEOUTS.has(codeOf(error))) {
    return timeoutError(serviceName);
  }
  if (codeOf(error) === TOO_LARGE) return tooLargeError(serviceName);
  return error instanceof UnusableReply && error.status < 300
    ? invalidAnswerError(serviceName)
    : unavailableError(serviceName);
}

const BROKEN = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
const PASSING = new Set([502, 503, 504]);

/**
 * Whether another try may well succeed: the subgraph closed an idle connection just as it was used,
 * or what stands in front of it had none to pass the request to.
 */
export const isPassing = (error: unknown): boolean =>
  error instanceof UnusableReply ? PASSING.has(error.status) : BROKEN.has(codeOf(error));

/**
 * Whether the failure tells that the subgraph is unwell. A client in a hurry does not, nor does a
 * question whose answer is too large.
 */
export const isUnwell = (error: unknown, wasPatient: boolean): boolean =>
  error instanceof ExchangeTimeout ? wasPatient : codeOf(error) !== TOO_LARGE;
