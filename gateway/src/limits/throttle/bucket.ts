/** A leaky bucket: it holds `maximum` of cost and `restoreRate` of it runs out each second. */
export interface Bucket {
  /** Which rule it belongs to, as clients see it: `viewer`, `guest`, `app`. */
  readonly name: string;
  /** Whose it is; unique over all rules. */
  readonly key: string;
  readonly maximum: number;
  readonly restoreRate: number;
}

/** What a bucket said to a cost. */
export interface Allowance {
  readonly isAllowed: boolean;
  readonly name: string;
  /** What is left, 0 to `maximum`. */
  readonly available: number;
  readonly maximum: number;
  readonly restoreRate: number;
  /** When the refused cost would fit; 0 for one that was allowed, infinite for one above the maximum. */
  readonly retryAfterSeconds: number;
}

/** What a process believes about a bucket. Costs and levels are in units of cost, times in milliseconds. */
export interface Mirror {
  /** What is in the bucket; above `maximum` where several processes filled it at once. */
  level: number;
  at: number;
  /** When Redis last told the level. */
  heardAt: number;
  /** Taken, less what was given back, since Redis was last told. */
  untold: number;
  /** Told to Redis, without an answer yet. */
  inFlight: number;
}

export const emptyMirror = (now: number): Mirror => ({
  level: 0,
  at: now,
  heardAt: Number.NEGATIVE_INFINITY,
  untold: 0,
  inFlight: 0,
});

/** Lets run out what has run out since the last look. */
export function leak(mirror: Mirror, { restoreRate }: Bucket, now: number): void {
  const passed = Math.max(0, now - mirror.at);
  mirror.level = Math.max(0, mirror.level - (passed * restoreRate) / 1_000);
  mirror.at = now;
  // What has run out here has run out there too: telling it later would fill the bucket anew.
  mirror.untold = Math.min(mirror.untold, mirror.level);
}

/** Puts a cost in where it fits. */
export function pour(mirror: Mirror, bucket: Bucket, cost: number): Allowance {
  const fits = mirror.level + cost <= bucket.maximum;
  if (fits) add(mirror, cost);
  return allowanceOf(mirror.level, bucket, fits ? null : cost);
}

/** Adds what was taken, or takes away what is given back. */
export function add(mirror: Mirror, cost: number): void {
  mirror.level = Math.max(0, mirror.level + cost);
  mirror.untold += cost;
}

/** Takes Redis's word for the level; what Redis has not heard yet comes on top. */
export function hear(mirror: Mirror, level: number, now: number): void {
  mirror.level = Math.max(0, level + mirror.inFlight + mirror.untold);
  mirror.at = now;
  mirror.heardAt = now;
}

/** `refused`: the cost that did not fit, or null. */
export const allowanceOf = (
  level: number,
  { name, maximum, restoreRate }: Bucket,
  refused: number | null,
): Allowance => ({
  isAllowed: refused === null,
  name,
  available: Math.min(maximum, Math.max(0, maximum - level)),
  maximum,
  restoreRate,
  retryAfterSeconds:
    refused === null
      ? 0
      : refused > maximum
        ? Number.POSITIVE_INFINITY
        : (level + refused - maximum) / restoreRate,
});
