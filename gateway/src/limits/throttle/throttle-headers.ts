import type { Admission } from './admission.ts';
import { retryAfter } from './admission.ts';

/**
 * `RateLimit-Policy` and `RateLimit` by draft-ietf-httpapi-ratelimit-headers-10, and `Retry-After`
 * for what was refused. The quota unit is cost, not requests; the window of a leaky bucket is the
 * time in which a whole quota comes back, and `t` the time until the bucket is full again.
 *
 *     RateLimit-Policy: "viewer";q=20000;qu="cost";w=20
 *     RateLimit: "viewer";r=18230;t=2
 */
export function throttleHeaders({
  allowances,
  isAllowed,
  tightest,
}: Admission): Readonly<Record<string, string>> {
  const policies: string[] = [];
  const limits: string[] = [];
  for (const { name, available, maximum, restoreRate } of allowances) {
    policies.push(`"${name}";q=${maximum};qu="cost";w=${Math.ceil(maximum / restoreRate)}`);
    const full = Math.ceil((maximum - available) / restoreRate);
    limits.push(`"${name}";r=${Math.floor(available)};t=${full}`);
  }
  return {
    'ratelimit-policy': policies.join(', '),
    ratelimit: limits.join(', '),
    ...(isAllowed || !Number.isFinite(tightest.retryAfterSeconds)
      ? {}
      : { 'retry-after': String(retryAfter(tightest)) }),
  };
}
