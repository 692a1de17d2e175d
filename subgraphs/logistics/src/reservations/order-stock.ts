import { hand, type Part, putBack, release, type StockLevel, take } from '../stock/stock-level.ts';
import { allocate, claim, type Reservation, type Shortage, type Step } from './reservation.ts';

/** One unit of an order and where it comes from; null where the stock had run short. */
export interface OrderUnit {
  readonly orderLineId: string;
  readonly variantId: string;
  readonly warehouseId: string | null;
}

/**
 * What an order took from stock; one per order. `CANCELLED` without units marks an order whose
 * cancellation came before the news that it was placed.
 */
export interface OrderStock {
  readonly state: 'TAKEN' | 'CANCELLED';
  readonly units: readonly OrderUnit[];
  readonly shortages: readonly Shortage[];
}

interface PlacedLine {
  readonly orderLineId: string;
  readonly variantId: string;
}

/** What placing an order does to its checkout's reservation and to stock. */
export interface Placement extends Step<OrderStock> {
  /** Null where the checkout holds nothing: leave what is stored. */
  readonly reservation: Reservation | null;
}

const wantedBy = (lines: readonly PlacedLine[]) =>
  lines.map(({ variantId }) => ({ variantId, quantity: 1 }));

/** Gives each unit its warehouse, in the order of the lines. */
function unitsFrom(lines: readonly PlacedLine[], parts: readonly Part[]): OrderUnit[] {
  const left = parts.map((part) => ({ ...part }));
  return lines.map(({ orderLineId, variantId }) => {
    const from = left.find((part) => part.variantId === variantId && part.quantity > 0);
    if (from) from.quantity -= 1;
    return { orderLineId, variantId, warehouseId: from?.warehouseId ?? null };
  });
}

/**
 * A placed order is paid and firm. It claims its part of the reservation; what the reservation no
 * longer covers (it has expired meanwhile) is taken from what is available, and what cannot be had
 * is a recorded shortage, never a level below zero. Null when the order has been seen before.
 */
export function place(
  lines: readonly PlacedLine[],
  {
    known,
    reservation,
    levels,
  }: {
    readonly known: OrderStock | null;
    readonly reservation: Reservation | null;
    /** Of the order's variants in its market. */
    readonly levels: readonly StockLevel[];
  },
): Placement | null {
  const isCancelledBefore = known?.state === 'CANCELLED' && known.units.length === 0;
  if (known && !isCancelledBefore) return null;
  const held = reservation?.state === 'HELD' ? reservation : null;
  const { claimed, left, missing } = claim(held?.parts ?? [], wantedBy(lines));
  const after: Reservation | null = held && {
    ...(left.length > 0
      ? { state: 'HELD', reservationId: held.reservationId, parts: left }
      : { state: 'CLAIMED', reservationId: held.reservationId }),
  };
  if (isCancelledBefore) {
    return {
      next: { state: 'CANCELLED', units: unitsFrom(lines, []), shortages: [] },
      reservation: after,
      movements: claimed.map(release),
    };
  }
  const { parts: taken, shortages } = allocate(missing, levels);
  return {
    next: { state: 'TAKEN', units: unitsFrom(lines, [...claimed, ...taken]), shortages },
    reservation: after,
    movements: [...claimed.map(hand), ...taken.map(take)],
  };
}

/**
 * A cancelled order's units return to stock, once; unless the goods have left the warehouse, then
 * they come back with the parcel, and whoever unpacks it adjusts the stock.
 */
export function giveBack(
  known: OrderStock | null,
  goods: 'HERE' | 'GONE',
): Step<OrderStock> | null {
  if (known?.state === 'CANCELLED') return null;
  const units = known?.units ?? [];
  const movements = units.flatMap(({ variantId, warehouseId }) =>
    warehouseId === null || goods === 'GONE'
      ? []
      : [putBack({ variantId, warehouseId, quantity: 1 })],
  );
  return {
    next: { state: 'CANCELLED', units, shortages: known?.shortages ?? [] },
    movements,
  };
}
