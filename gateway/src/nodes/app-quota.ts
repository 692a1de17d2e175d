import type { Viewer } from '@vitrine/platform/viewer';
import type { Bucket } from '../limits/throttle/bucket.ts';
import type { Requester } from '../limits/throttle/buckets-of.ts';
import type { Throttle } from '../limits/throttle/throttle.ts';

/** What an app may spend, over all the people it acts for, in units of cost. */
export interface AppQuota {
  readonly limit: number;
  readonly used: number;
  /** When all of it is there again, if nothing is spent meanwhile. */
  readonly resetsAt: Date;
  /** What comes back each second. */
  readonly restoreRate: number;
}

/** Null for whoever is no app. */
export type QuotaOf = (viewer: Viewer | null) => Promise<AppQuota | null>;

/** Reads the bucket that a request of the app draws on, and takes nothing from it. */
export const appQuota =
  (
    throttle: Pick<Throttle, 'take'>,
    bucketsOf: (requester: Requester) => readonly Bucket[],
    now: () => number = Date.now,
  ): QuotaOf =>
  async (viewer) => {
    if (viewer?.appId === undefined) return null;
    const bucket = bucketsOf({ viewer, address: '' }).find(({ name }) => name === 'app');
    if (!bucket) return null;
    const { available, maximum: limit, restoreRate } = await throttle.take(bucket, 0);
    // What is left of a unit is spent: nobody is promised more than there is.
    const used = Math.ceil(limit - available);
    const resetsAt = new Date(now() + (used / restoreRate) * 1_000);
    return { limit, used, resetsAt, restoreRate };
  };
