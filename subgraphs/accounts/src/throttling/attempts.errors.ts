import type { TooManyAttemptsErrorMapper } from '../mappers.ts';
import type { TooManyAttempts } from './attempts.ts';

export const tooManyAttempts = ({
  retryAfterSeconds,
}: TooManyAttempts): TooManyAttemptsErrorMapper => ({
  __typename: 'TooManyAttemptsError',
  code: 'TOO_MANY_ATTEMPTS',
  message: `Too many attempts; try again in ${retryAfterSeconds} seconds.`,
  path: null,
  retryable: true,
  retryAfterSeconds,
});

export const isTooMany = (refusal: object | string): refusal is TooManyAttempts =>
  typeof refusal === 'object' && 'retryAfterSeconds' in refusal;
