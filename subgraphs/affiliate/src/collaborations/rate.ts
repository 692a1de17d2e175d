import { DAY } from '@vitrine/kernel/clock';
import { invariant } from '@vitrine/kernel/outcome';

/** From `from` on, this rate is offered; 0 when the offer ends. Ordered by time, strictly. */
export interface PostedRate {
  readonly bps: number;
  readonly from: Date;
}

/** How long a creator who has joined is spared from a cut. */
export const NOTICE_MS = 30 * DAY;
export const LOWEST_BPS = 100;
export const HIGHEST_BPS = 8_000;

export const isCommission = (bps: number): boolean =>
  Number.isInteger(bps) && bps >= LOWEST_BPS && bps <= HIGHEST_BPS;

/** What a creator joining at `at` would get; 0 before the first offer. */
export const postedAt = (rates: readonly PostedRate[], at: Date): number =>
  rates.findLast(({ from }) => from <= at)?.bps ?? 0;

/**
 * What a creator who joined at `joinedAt` earns on a sale at `at`, in basis points: the best rate
 * posted in the notice period before the sale, but not before joining. So a raise applies at
 * once, a cut after 30 days, and no sequence of changes gives less than each cut's notice
 * promised (applying changes one by one would: cut 20 to 10, then raise to 15, and 20 is lost
 * before its time).
 */
export function rateFor(rates: readonly PostedRate[], joinedAt: Date, at: Date): number {
  if (at < joinedAt) return 0;
  const since = new Date(Math.max(joinedAt.getTime(), at.getTime() - NOTICE_MS));
  const during = rates.filter(({ from }) => from > since && from <= at);
  return Math.max(postedAt(rates, since), ...during.map(({ bps }) => bps));
}

/** The next time a creator's rate falls if nothing else is posted, or null. */
export function nextCut(
  rates: readonly PostedRate[],
  joinedAt: Date,
  now: Date,
): PostedRate | null {
  const current = rateFor(rates, joinedAt, now);
  // A rate can only fall when a posted one leaves the notice period.
  const moments = rates
    .map(({ from }) => new Date(from.getTime() + NOTICE_MS))
    .filter((from) => from > now);
  for (const from of moments) {
    const bps = rateFor(rates, joinedAt, from);
    if (bps < current) return { bps, from };
  }
  return null;
}

/**
 * The history with a new rate, without what no sale can refer to any more: facts about sales may
 * be a month late, so a rate counts for twice the notice after the next one was posted.
 */
export function post(rates: readonly PostedRate[], next: PostedRate): PostedRate[] {
  const last = rates.at(-1);
  invariant(!last || last.from < next.from, 'rates are posted in the order of time');
  const kept = rates.filter((_, index) => {
    const successor = rates[index + 1];
    return !successor || successor.from.getTime() > next.from.getTime() - 3 * NOTICE_MS;
  });
  return [...kept, next];
}
