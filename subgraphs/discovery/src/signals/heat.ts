/**
 * An exponentially decaying sum, kept as log2(Σ weight · 2^(at / halfLife)): forward decay (Cormode
 * et al., 2009) in the log domain. It needs no updating as time passes, compares directly with
 * others of the same half-life, does not overflow however far the epoch is, and adds in any order.
 */
export type Heat = number;

export const heatOf = (weight: number, at: Date, halfLifeMs: number): Heat =>
  Math.log2(weight) + at.getTime() / halfLifeMs;

export function addHeat(a: Heat | null, b: Heat): Heat {
  if (a === null) return b;
  const [low, high] = a < b ? [a, b] : [b, a];
  return high + Math.log2(1 + 2 ** (low - high));
}

/** What is left of the sum at a moment. */
export const valueAt = (heat: Heat, now: Date, halfLifeMs: number): number =>
  2 ** (heat - now.getTime() / halfLifeMs);
