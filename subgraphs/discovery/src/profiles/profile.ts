import { DAY } from '@vitrine/kernel/clock';
import { addHeat, type Heat, heatOf, valueAt } from '../signals/heat.ts';
import { type Batch, isSameSession, type Signal, weightOf } from '../signals/signal.ts';

/** How much a viewer cares for a product. */
export interface Interest {
  readonly productId: string;
  readonly heat: Heat;
  /** The strongest sign of the last visit: weaker ones after it add nothing. */
  readonly strongest: number;
  readonly lastAt: Date;
}

export interface Profile {
  readonly viewerId: string;
  /** Latest first. */
  readonly recent: readonly Interest[];
  readonly dismissed: readonly string[];
  readonly purchased: readonly { readonly productId: string; readonly at: Date }[];
  /** Markets shopped in, latest first. */
  readonly markets: readonly string[];
  /** Ids of the last batches, latest first: one that comes again has no effect. */
  readonly batches: readonly string[];
  /** Raised by every batch. */
  readonly version: number;
}

/** Two products that somebody was interested in during one visit. */
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly at: Date;
  readonly isBought: boolean;
}

/** Interest in a product, for its market's trend. */
export interface Gain {
  readonly productId: string;
  readonly market: string;
  readonly weight: number;
  readonly at: Date;
}

export interface Observation {
  readonly profile: Profile;
  readonly pairs: readonly Pair[];
  readonly gains: readonly Gain[];
}

export const INTEREST_HALF_LIFE_MS = 3 * DAY;
const PURCHASE_HIDES_MS = 30 * DAY;
const MOST = { recent: 50, dismissed: 1_000, purchased: 200, markets: 5, batches: 200, window: 20 };

export const newProfile = (viewerId: string): Profile => ({
  viewerId,
  recent: [],
  dismissed: [],
  purchased: [],
  markets: [],
  batches: [],
  version: 0,
});

/** Products never to be suggested to the viewer now: not wanted, or just bought. */
export const hiddenFrom = (profile: Profile, now: Date): Set<string> =>
  new Set([
    ...profile.dismissed,
    ...profile.purchased
      .filter(({ at }) => now.getTime() - at.getTime() < PURCHASE_HIDES_MS)
      .map(({ productId }) => productId),
  ]);

export const interestAt = ({ heat }: Interest, now: Date): number =>
  valueAt(heat, now, INTEREST_HALF_LIFE_MS);

const latest = <Item>(items: readonly Item[], most: number, at: (item: Item) => Date): Item[] =>
  items.toSorted((a, b) => at(b).getTime() - at(a).getTime()).slice(0, most);

const withFirst = (first: string, items: readonly string[], most: number): string[] =>
  [first, ...items.filter((item) => item !== first)].slice(0, most);

/**
 * What a batch does: to the viewer's profile, to what is seen together, to what is trending. Each
 * product counts in a visit by the strongest sign alone, so repeating oneself moves nothing.
 *
 * In the test market only what is trending there moves: what a developer tries out says nothing of
 * what they like, nor of which goods belong together.
 */
export function observe(
  before: Profile,
  batch: Batch,
  isTest: (market: string) => boolean,
): Observation {
  if (before.batches.includes(batch.id)) return { profile: before, pairs: [], gains: [] };
  const inOrder = batch.signals.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const signals = inOrder.filter(({ market }) => !isTest(market));
  const tried = inOrder.filter(({ market }) => isTest(market)).flatMap(gainOf);
  const start: Observation = { profile: before, pairs: boughtPairs(signals), gains: [] };
  const { profile, pairs, gains } = signals.reduce(take, start);
  return {
    pairs,
    gains: [...gains, ...tried],
    profile: {
      ...profile,
      batches: [batch.id, ...profile.batches].slice(0, MOST.batches),
      version: before.version + 1,
    },
  };
}

function gainOf(signal: Signal): Gain[] {
  const { productId, market, at } = signal;
  const weight = weightOf(signal);
  return weight > 0 ? [{ productId, market, weight, at }] : [];
}

function boughtPairs(signals: readonly Signal[]): Pair[] {
  const bought = signals.filter(({ kind }) => kind === 'PURCHASE');
  const ids = [...new Set(bought.map(({ productId }) => productId))];
  const at = bought[0]?.at;
  if (!at) return [];
  return ids.flatMap((a, index) => ids.slice(index + 1).map((b) => ({ a, b, at, isBought: true })));
}

function take({ profile, pairs, gains }: Observation, signal: Signal): Observation {
  const { kind, productId, market, at } = signal;
  const others = profile.recent.filter((interest) => interest.productId !== productId);
  const markets = withFirst(market, profile.markets, MOST.markets);
  if (kind === 'DISMISS') {
    const dismissed = withFirst(productId, profile.dismissed, MOST.dismissed);
    return { profile: { ...profile, markets, recent: others, dismissed }, pairs, gains };
  }
  const own = profile.recent.find((interest) => interest.productId === productId);
  const inSession = own && isSameSession(own.lastAt, at) ? own : null;
  const weight = weightOf(signal);
  const gain = Math.max(0, weight - (inSession?.strongest ?? 0));
  const interest: Interest = {
    productId,
    heat:
      gain > 0
        ? addHeat(own?.heat ?? null, heatOf(gain, at, INTEREST_HALF_LIFE_MS))
        : (own?.heat ?? 0),
    strongest: Math.max(weight, inSession?.strongest ?? 0),
    lastAt: own && own.lastAt > at ? own.lastAt : at,
  };
  const seenTogether = inSession
    ? []
    : others
        .filter(({ lastAt }) => isSameSession(lastAt, at))
        .slice(0, MOST.window)
        .map((other) => ({ a: productId, b: other.productId, at, isBought: false }));
  return {
    profile: {
      ...profile,
      markets,
      recent: latest([interest, ...others], MOST.recent, ({ lastAt }) => lastAt),
      purchased:
        kind === 'PURCHASE'
          ? latest([{ productId, at }, ...profile.purchased], MOST.purchased, (item) => item.at)
          : profile.purchased,
    },
    pairs: [...pairs, ...seenTogether],
    gains: gain > 0 ? [...gains, { productId, market, weight: gain, at }] : gains,
  };
}
