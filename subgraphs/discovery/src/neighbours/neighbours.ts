import { DAY } from '@vitrine/kernel/clock';
import { addHeat, type Heat, heatOf, valueAt } from '../signals/heat.ts';

/** How much a product is looked at or bought together with another. */
export interface Neighbour {
  readonly productId: string;
  readonly heat: Heat;
  /** The part of it that comes from orders; null when none does. */
  readonly boughtHeat: Heat | null;
}

/** The products most looked at together with one, the strongest first. */
export interface Neighbours {
  readonly productId: string;
  readonly entries: readonly Neighbour[];
}

export interface Together {
  readonly otherId: string;
  readonly at: Date;
  readonly isBought: boolean;
}

export const TOGETHER_HALF_LIFE_MS = 14 * DAY;
/** More are never shown; what falls out returns as soon as it is seen again, since heat only grows. */
export const MOST_NEIGHBOURS = 100;
/** Buying two things together says more than looking at both. */
const BOUGHT_WEIGHT = 3;

/** Counts one more visit or order that both products were part of. */
export function together(
  { productId, entries }: Neighbours,
  { otherId, at, isBought }: Together,
): Neighbours {
  const known = entries.find((entry) => entry.productId === otherId);
  const heat = heatOf(isBought ? BOUGHT_WEIGHT : 1, at, TOGETHER_HALF_LIFE_MS);
  const entry: Neighbour = {
    productId: otherId,
    heat: addHeat(known?.heat ?? null, heat),
    boughtHeat: isBought ? addHeat(known?.boughtHeat ?? null, heat) : (known?.boughtHeat ?? null),
  };
  return {
    productId,
    entries: [entry, ...entries.filter((other) => other.productId !== otherId)]
      .toSorted((a, b) => b.heat - a.heat || (a.productId < b.productId ? -1 : 1))
      .slice(0, MOST_NEIGHBOURS),
  };
}

/** How the interest in a product spreads over its neighbours; the shares sum to 1. */
export function sharesOf({ entries }: Neighbours): { productId: string; share: number }[] {
  const hottest = entries[0]?.heat ?? 0;
  // Relative to the hottest, so that no moment is needed: all decay alike.
  const weights = entries.map(({ heat }) => 2 ** (heat - hottest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return entries.map(({ productId }, index) => ({ productId, share: (weights[index] ?? 0) / sum }));
}

/** Whether orders are why the two are neighbours, rather than looks. */
export const isBoughtTogether = ({ heat, boughtHeat }: Neighbour, now: Date): boolean =>
  boughtHeat !== null &&
  boughtHeat > heat - 1 &&
  valueAt(boughtHeat, now, TOGETHER_HALF_LIFE_MS) > 0.1;
