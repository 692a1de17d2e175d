import type { GraphQLError } from 'graphql';
import { gatewayError } from '../../errors.ts';
import { type Allowance, allowanceOf, type Bucket } from './bucket.ts';
import type { Throttle } from './throttle.ts';

/** What all buckets of a request said. */
export interface Admission {
  readonly isAllowed: boolean;
  /** One per bucket that was asked; none after the first that refuses. */
  readonly allowances: readonly Allowance[];
  /** The one that refused, or has least left. */
  readonly tightest: Allowance;
}

/**
 * Takes a cost from every bucket or from none. A value where no bucket had to be looked up. Throws
 * for no buckets, since `bucketsOf` always names one.
 */
export function admit(
  throttle: Throttle,
  buckets: readonly Bucket[],
  cost: number,
): Admission | Promise<Admission> {
  const allowances: Allowance[] = [];
  const from = (index: number): Admission | Promise<Admission> => {
    for (let at = index; at < buckets.length; at += 1) {
      const bucket = buckets[at];
      if (!bucket) break;
      const allowance = throttle.take(bucket, cost);
      if (allowance instanceof Promise) {
        return allowance.then((known) =>
          note(known, at) ? from(at + 1) : admissionOf(allowances),
        );
      }
      if (!note(allowance, at)) break;
    }
    return admissionOf(allowances);
  };
  /** False where the cost was refused; then what others gave goes back. */
  const note = (allowance: Allowance, at: number): boolean => {
    allowances.push(allowance);
    if (allowance.isAllowed) return true;
    for (const bucket of buckets.slice(0, at)) throttle.settle(bucket, cost, 0);
    return false;
  };
  return from(0);
}

function admissionOf(allowances: readonly Allowance[]): Admission {
  const [first] = allowances;
  if (!first) throw new Error('a request draws on one bucket at least');
  let tightest = first;
  for (const allowance of allowances) {
    if (!allowance.isAllowed || allowance.available < tightest.available) tightest = allowance;
  }
  return { isAllowed: tightest.isAllowed, allowances, tightest };
}

/** Gives back what an operation did not use, or takes what it used above its estimate. */
export function settleAll(
  throttle: Throttle,
  buckets: readonly Bucket[],
  requested: number,
  actual: number,
): void {
  for (const bucket of buckets) throttle.settle(bucket, requested, actual);
}

/**
 * What a document costs that is read and then refused: parsing and validating 5,000 tokens take up
 * to 50 ms, as much as hundreds of ordinary operations.
 */
export const REFUSAL_COST = 20;

/** Charges for a document that was refused after it had been read. */
export function chargeRefusal(throttle: Throttle, buckets: readonly Bucket[]): void {
  for (const bucket of buckets) throttle.settle(bucket, 0, REFUSAL_COST);
}

/**
 * The refusal of a request whose buckets have less left than reading a document costs, before it is
 * read; null where it may be. Goes by what this process knows and asks nobody.
 */
export function exhausted(throttle: Throttle, buckets: readonly Bucket[]): Admission | null {
  for (const bucket of buckets) {
    const available = throttle.peek(bucket);
    if (available === null || available >= REFUSAL_COST) continue;
    const tightest = allowanceOf(bucket.maximum - available, bucket, REFUSAL_COST);
    return { isAllowed: false, allowances: [tightest], tightest };
  }
  return null;
}

/** The refusal of a request that has no cost left; HTTP answers 429 with `throttleHeaders`. */
export function throttled({ tightest }: Admission, requested: number): GraphQLError {
  const { available, maximum, restoreRate, retryAfterSeconds, name } = tightest;
  const wait = Number.isFinite(retryAfterSeconds)
    ? `Try again in ${retryAfter(tightest)} s.`
    : `It never fits, since the bucket holds ${maximum}.`;
  return gatewayError(
    'THROTTLED',
    `This operation may cost ${requested} and ${Math.floor(available)} of ${maximum} are left for this ${name}; ${restoreRate} come back each second. ${wait}`,
    {
      limit: maximum,
      actual: requested,
      ...(Number.isFinite(retryAfterSeconds) ? { retryAfterSeconds: retryAfter(tightest) } : {}),
      cost: costExtension({ requested, actual: 0, allowance: tightest }),
    },
  );
}

/** Whole seconds, at least one: what `Retry-After` says. */
export const retryAfter = ({ retryAfterSeconds }: Allowance): number =>
  Math.max(1, Math.ceil(retryAfterSeconds));

export interface CostExtension {
  readonly requested: number;
  readonly actual: number;
  readonly throttle: {
    readonly maximum: number;
    readonly available: number;
    readonly restoreRate: number;
  };
}

/** `extensions.cost` of an answer; what was given back after execution is available again. */
export const costExtension = ({
  requested,
  actual,
  allowance: { available, maximum, restoreRate, isAllowed },
}: {
  readonly requested: number;
  readonly actual: number;
  readonly allowance: Allowance;
}): CostExtension => ({
  requested,
  actual,
  throttle: {
    maximum,
    available: Math.floor(
      isAllowed ? Math.min(maximum, Math.max(0, available + requested - actual)) : available,
    ),
    restoreRate,
  },
});
