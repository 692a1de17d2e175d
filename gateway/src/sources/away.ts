import type { RequestScope } from '@vitrine/platform/subgraph';
import type { GraphQLError } from 'graphql';
import { gatewayError } from '../errors.ts';

/** What a client is told of a subgraph that gave no answer; why is for the log. */
export const timeoutError = (serviceName: string): GraphQLError =>
  gatewayError('SUBGRAPH_TIMEOUT', `The ${serviceName} service did not answer in time.`, {
    serviceName,
  });

export const unavailableError = (serviceName: string): GraphQLError =>
  gatewayError('SUBGRAPH_UNAVAILABLE', `The ${serviceName} service is not available.`, {
    serviceName,
  });

export const overloadedError = (serviceName: string): GraphQLError =>
  gatewayError('SUBGRAPH_OVERLOADED', `The ${serviceName} service has too much to do.`, {
    serviceName,
  });

export const invalidAnswerError = (serviceName: string): GraphQLError =>
  gatewayError('SUBGRAPH_ANSWER_INVALID', `The ${serviceName} service gave no usable answer.`, {
    serviceName,
  });

export const tooLargeError = (serviceName: string): GraphQLError =>
  gatewayError(
    'SUBGRAPH_ANSWER_TOO_LARGE',
    `The ${serviceName} service answered more than can be passed on; ask for less at once.`,
    { serviceName },
  );

/** Milliseconds that a fetch may take: as long as somebody waits, and never longer than `limit`. */
export const patienceOf = ({ deadline }: RequestScope, limit: number): number =>
  deadline === undefined ? limit : Math.min(limit, deadline - Date.now());
