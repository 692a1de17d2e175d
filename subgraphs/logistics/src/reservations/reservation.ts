import { hold, type Movement, type Part, release, type StockLevel } from '../stock/stock-level.ts';

/** Units of a variant that somebody wants, wherever they lie. */
export interface Wanted {
  readonly variantId: string;
  readonly quantity: number;
}

/** A variant of which there is not enough. */
export interface Shortage {
  readonly variantId: string;
  readonly requested: number;
  readonly available: number;
}

/**
 * What became of a checkout's request for stock; one per checkout, for ever. `RELEASED` is also
 * the mark of a checkout that was abandoned before its request came: it gets nothing any more.
 */
export type Reservation =
  | {
      readonly state: 'HELD';
      readonly reservationId: string;
      /** What no order has claimed yet; never empty. */
      readonly parts: readonly Part[];
    }
  | { readonly state: 'REFUSED'; readonly shortages: readonly Shortage[] }
  | { readonly state: 'CLAIMED'; readonly reservationId: string }
  | { readonly state: 'RELEASED'; readonly reason: 'ABANDONED' | 'EXPIRED' };

/** A new state together with the stock that moves with it, in one transaction. */
export interface Step<State> {
  readonly next: State;
  readonly movements: readonly Movement[];
}

/** Lines of one variant summed: looked at one by one, two lines could each pass and oversell together. */
export function summed(lines: readonly Wanted[]): Wanted[] {
  const byVariant = Map.groupBy(lines, ({ variantId }) => variantId);
  return [...byVariant]
    .map(([variantId, own]) => ({
      variantId,
      quantity: own.reduce((sum, { quantity }) => sum + quantity, 0),
    }))
    .toSorted((a, b) => (a.variantId < b.variantId ? -1 : 1));
}

/**
 * Where to take each variant from: the first warehouse that has all of it, so that it fits one
 * parcel, else from several in the order of their ids. Shortages where they have too little together.
 */
export function allocate(
  wanted: readonly Wanted[],
  levels: readonly StockLevel[],
): { readonly parts: readonly Part[]; readonly shortages: readonly Shortage[] } {
  const parts: Part[] = [];
  const shortages: Shortage[] = [];
  for (const { variantId, quantity } of wanted) {
    const own = levels
      .filter((level) => level.variantId === variantId && level.available > 0)
      .toSorted((a, b) => (a.warehouseId < b.warehouseId ? -1 : 1));
    const available = own.reduce((sum, level) => sum + level.available, 0);
    if (available < quantity) shortages.push({ variantId, requested: quantity, available });
    const whole = own.find((level) => level.available >= quantity);
    let left = quantity;
    for (const { warehouseId, ...level } of whole ? [whole] : own) {
      const taken = Math.min(left, level.available);
      if (taken > 0) parts.push({ variantId, warehouseId, quantity: taken });
      left -= taken;
    }
  }
  return { parts, shortages };
}

/** Everything is set aside or nothing is. `levels` are those of the wanted variants in the checkout's market. */
export function reserve(
  reservationId: string,
  lines: readonly Wanted[],
  levels: readonly StockLevel[],
): Step<Reservation> {
  const { parts, shortages } = allocate(summed(lines), levels);
  return shortages.length > 0
    ? { next: { state: 'REFUSED', shortages }, movements: [] }
    : { next: { state: 'HELD', reservationId, parts }, movements: parts.map(hold) };
}

/** Lets go of what no order has claimed; null where nothing is held. */
export function letGo(
  reservation: Reservation,
  reason: 'ABANDONED' | 'EXPIRED',
): Step<Reservation> | null {
  return reservation.state === 'HELD'
    ? { next: { state: 'RELEASED', reason }, movements: reservation.parts.map(release) }
    : null;
}

/** Splits off what an order claims of the parts held; `missing` is what they do not cover. */
export function claim(
  held: readonly Part[],
  wanted: readonly Wanted[],
): {
  readonly claimed: readonly Part[];
  readonly left: readonly Part[];
  readonly missing: readonly Wanted[];
} {
  const open = new Map(summed(wanted).map((one) => [one.variantId, one.quantity]));
  const claimed: Part[] = [];
  const left: Part[] = [];
  for (const part of held) {
    const wants = open.get(part.variantId) ?? 0;
    const quantity = Math.min(wants, part.quantity);
    open.set(part.variantId, wants - quantity);
    if (quantity > 0) claimed.push({ ...part, quantity });
    if (quantity < part.quantity) left.push({ ...part, quantity: part.quantity - quantity });
  }
  const missing = [...open]
    .filter(([, quantity]) => quantity > 0)
    .map(([variantId, quantity]) => ({ variantId, quantity }));
  return { claimed, left, missing };
}
