import { DAY } from '@vitrine/kernel/clock';
import type { Gain } from '../profiles/profile.ts';
import { addHeat, type Heat, heatOf } from '../signals/heat.ts';

/** How much a market is interested in a product. */
export interface Trend {
  readonly market: string;
  readonly productId: string;
  readonly heat: Heat;
}

export const TREND_HALF_LIFE_MS = DAY;

export const trendId = (market: string, productId: string): string => `${market}/${productId}`;

/** Known trends with the gains added, those without a gain left out. */
export function warmed(known: readonly Trend[], gains: readonly Gain[]): Trend[] {
  const heats = new Map(known.map((trend) => [trendId(trend.market, trend.productId), trend.heat]));
  const changed = new Map<string, Trend>();
  for (const { market, productId, weight, at } of gains) {
    const id = trendId(market, productId);
    const heat = addHeat(heats.get(id) ?? null, heatOf(weight, at, TREND_HALF_LIFE_MS));
    heats.set(id, heat);
    changed.set(id, { market, productId, heat });
  }
  return [...changed.values()];
}

/** Hottest first; equal ones by product, last first, as a Redis sorted set has them. */
export const byHeat = (a: Trend, b: Trend): number =>
  b.heat - a.heat || (a.productId > b.productId ? -1 : 1);
