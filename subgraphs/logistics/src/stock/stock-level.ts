import { accept, invariant, type Outcome, refuse } from '@vitrine/kernel/outcome';

/** What lies of one variant in one warehouse. Always: `onHand` = `reserved` + `available`, none below zero. */
export interface StockLevel {
  readonly variantId: string;
  readonly warehouseId: string;
  readonly shopId: string;
  readonly market: string;
  /** In the warehouse and owned by no placed order. */
  readonly onHand: number;
  /** Held for checkouts under way. */
  readonly reserved: number;
  readonly available: number;
  /** Raised by every change; 0 while nothing has ever lain there. */
  readonly version: number;
  readonly updatedAt: Date;
}

/**
 * A change of one level. `onHand` changes by the sum of both, so no movement can break the
 * level's balance; the store refuses one that would take either below zero.
 */
export interface Movement {
  readonly variantId: string;
  readonly warehouseId: string;
  readonly reserved: number;
  readonly available: number;
}

/** Units of a variant in one warehouse. */
export interface Part {
  readonly variantId: string;
  readonly warehouseId: string;
  readonly quantity: number;
}

type MovementOf = (part: Part) => Movement;

const movement = (
  { variantId, warehouseId }: Part,
  change: { readonly reserved: number; readonly available: number },
): Movement => ({ variantId, warehouseId, ...change });

/** Available units are set aside for a checkout. */
export const hold: MovementOf = (part) =>
  movement(part, { reserved: part.quantity, available: -part.quantity });
/** Units set aside can be ordered again. */
export const release: MovementOf = (part) =>
  movement(part, { reserved: -part.quantity, available: part.quantity });
/** Units set aside belong to a placed order. */
export const hand: MovementOf = (part) =>
  movement(part, { reserved: -part.quantity, available: 0 });
/** Units that were not set aside belong to a placed order. */
export const take: MovementOf = (part) =>
  movement(part, { reserved: 0, available: -part.quantity });
/** Units of a cancelled order can be ordered again. */
export const putBack: MovementOf = (part) =>
  movement(part, { reserved: 0, available: part.quantity });

/**
 * One movement per level, in the order in which every writer takes them (variant, then warehouse):
 * two transactions that want the same levels cannot lock each other out.
 */
export function inLockOrder(movements: readonly Movement[]): Movement[] {
  const byLevel = Map.groupBy(movements, levelKey);
  return [...byLevel.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, own]) => {
      const [first] = own;
      if (!first) return [];
      const reserved = own.reduce((sum, one) => sum + one.reserved, 0);
      const available = own.reduce((sum, one) => sum + one.available, 0);
      return reserved === 0 && available === 0 ? [] : [{ ...first, reserved, available }];
    });
}

/** The level's own key, unique over the platform. */
export const levelKey = ({
  variantId,
  warehouseId,
}: Pick<StockLevel, 'variantId' | 'warehouseId'>): string => `${variantId}/${warehouseId}`;

/** The level after a movement, or null where a number would fall below zero: what the database enforces. */
export function moved(level: StockLevel, change: Movement): StockLevel | null {
  const reserved = level.reserved + change.reserved;
  const available = level.available + change.available;
  if (reserved < 0 || available < 0) return null;
  return {
    ...level,
    reserved,
    available,
    onHand: reserved + available,
    version: level.version + 1,
  };
}

export const MAX_ON_HAND = 99_999;

export type StockRefusal = 'BELOW_RESERVED' | 'ABOVE_LIMIT';

/** Units to add (or take, below zero) so that a level holds what was counted. */
export function toCount(
  level: StockLevel,
  counted: { readonly onHand: number; readonly expectedVersion: number | null },
): Outcome<number, StockRefusal | 'VERSION_CONFLICT'> {
  invariant(Number.isInteger(counted.onHand) && counted.onHand >= 0, 'a count is a whole number');
  if (counted.expectedVersion !== null && counted.expectedVersion !== level.version) {
    return refuse('VERSION_CONFLICT');
  }
  return toAdjust(level, counted.onHand - level.onHand);
}

/** `delta`, if the level can take it: what is held for checkouts stays. */
export function toAdjust(level: StockLevel, delta: number): Outcome<number, StockRefusal> {
  if (level.onHand + delta > MAX_ON_HAND && delta > 0) return refuse('ABOVE_LIMIT');
  if (level.available + delta < 0) return refuse('BELOW_RESERVED');
  return accept(delta);
}
