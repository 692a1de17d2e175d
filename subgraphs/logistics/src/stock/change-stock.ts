import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import { keyProblems, type Problem } from '../input/read-input.ts';
import { MAX_ON_HAND, type StockLevel, type StockRefusal } from './stock-level.ts';

/** What staff do to a level. */
export type StockChange =
  | {
      readonly kind: 'SET';
      readonly onHand: number;
      readonly expectedVersion: number | null;
    }
  | { readonly kind: 'ADJUST'; readonly delta: number };

export interface ChangeStockCommand {
  readonly warehouseId: string;
  readonly variantId: string;
  readonly change: StockChange;
  readonly idempotencyKey: string;
  /** The person, for the audit trail; two people never share a key. */
  readonly userId: string;
  /** Shops the person works for. */
  readonly shopIds: readonly string[];
}

export type ChangeStockRefusal =
  | { readonly kind: 'INVALID'; readonly problems: readonly Problem[] }
  | { readonly kind: 'NOT_FOUND'; readonly missing: readonly ('warehouseId' | 'variantId')[] }
  | { readonly kind: 'IDEMPOTENCY_KEY_REUSED' }
  | { readonly kind: 'VERSION_CONFLICT'; readonly current: StockLevel | null }
  | { readonly kind: 'REFUSED'; readonly refusal: StockRefusal };

export interface ChangedStock {
  readonly level: StockLevel;
  /** The change was made by an earlier call with this key. */
  readonly isReplayed: boolean;
}

/** What the use case needs to know of a place and a thing. */
export interface StockPlaces {
  findWarehouse(id: string): Promise<{ readonly shopId: string; readonly market: string } | null>;
  findVariant(id: string): Promise<{ readonly shopId: string; readonly productId: string } | null>;
}

/** Where levels are kept. Implemented over MongoDB in `stock.store.ts`. */
export interface Stock {
  /**
   * Changes the level and remembers the key in one transaction, so a change happens once whatever
   * is retried, and a crash leaves either both or nothing.
   */
  change(
    order: Omit<ChangeStockCommand, 'shopIds'> & {
      readonly shopId: string;
      readonly market: string;
      readonly productId: string;
    },
  ): Promise<Outcome<ChangedStock, ChangeStockRefusal>>;
}

export type ChangeStock = (
  command: ChangeStockCommand,
) => Promise<Outcome<ChangedStock, ChangeStockRefusal>>;

function problemsOf({ change, idempotencyKey }: ChangeStockCommand): Problem[] {
  const problems = [...keyProblems(idempotencyKey)];
  const outOfRange = (path: string, message: string) =>
    problems.push({ code: 'OUT_OF_RANGE', message, path: [path] });
  if (change.kind === 'SET') {
    if (change.onHand < 0 || change.onHand > MAX_ON_HAND) {
      outOfRange('onHand', `onHand is 0 to ${MAX_ON_HAND}.`);
    }
    if (change.expectedVersion !== null && change.expectedVersion < 0) {
      outOfRange('expectedVersion', 'expectedVersion is not below 0.');
    }
  } else if (change.delta === 0 || Math.abs(change.delta) > MAX_ON_HAND) {
    outOfRange('delta', `delta is not 0 and at most ${MAX_ON_HAND} either way.`);
  }
  return problems;
}

/**
 * A warehouse of a shop the person does not work for is as if it did not exist, and so is, in a
 * warehouse of their own, another shop's variant.
 */
export const changeStock =
  (stock: Stock, places: StockPlaces): ChangeStock =>
  async (command) => {
    const { shopIds, ...order } = command;
    const problems = problemsOf(command);
    if (problems.length > 0) return refuse({ kind: 'INVALID', problems });

    const [warehouse, variant] = await Promise.all([
      places.findWarehouse(order.warehouseId),
      places.findVariant(order.variantId),
    ]);
    const isWarehouseKnown = warehouse !== null && shopIds.includes(warehouse.shopId);
    const isVariantKnown = variant !== null && shopIds.includes(variant.shopId);
    if (!isWarehouseKnown || !isVariantKnown || warehouse.shopId !== variant.shopId) {
      const missing: ('warehouseId' | 'variantId')[] = [];
      if (!isWarehouseKnown) missing.push('warehouseId');
      if (!isVariantKnown || isWarehouseKnown) missing.push('variantId');
      return refuse({ kind: 'NOT_FOUND', missing });
    }
    return stock.change({
      ...order,
      shopId: warehouse.shopId,
      market: warehouse.market,
      productId: variant.productId,
    });
  };
