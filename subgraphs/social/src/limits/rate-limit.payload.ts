import type { RateLimitedErrorMapper } from '../mappers.ts';
import type { TooOften } from './rate-limit.ts';

export const rateLimited = ({ retryAfterMs }: TooOften, field: string): RateLimitedErrorMapper => ({
  __typename: 'RateLimitedError',
  code: 'RATE_LIMITED',
  message: 'That was a lot at once. Wait a moment.',
  path: ['input', field],
  retryable: true,
  retryAfterMs,
});
