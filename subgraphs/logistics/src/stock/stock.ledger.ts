import { availabilityChanged } from '@vitrine/events/logistics';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { type AvailabilityRow, type StockLevelRow, stockModels } from './stock.model.ts';
import { inLockOrder, levelKey, type Movement } from './stock-level.ts';

/** Where a variant of a shop can lie. */
export interface StockPlace {
  readonly variantId: string;
  readonly warehouseId: string;
  readonly productId: string;
  readonly shopId: string;
  readonly market: string;
}

/** The only writer of stock levels. */
export interface StockLedger {
  /** Makes an empty level, unless there is one. */
  open(tx: Transaction, place: StockPlace): Promise<void>;
  /** Makes many filled levels of variants that lie nowhere yet; throws where one does. */
  fill(
    tx: Transaction,
    filled: readonly (StockPlace & { readonly onHand: number })[],
  ): Promise<void>;
  /**
   * One conditional atomic write per level: the database itself refuses what would fall below zero.
   * Such a refusal throws, which undoes the transaction: it was decided on what is no longer so.
   */
  move(tx: Transaction, movements: readonly Movement[]): Promise<void>;
}

/** A level did not hold what the decision had read: decide again. */
export class StockMovedError extends Error {
  override readonly name = 'StockMovedError';
}

export function stockLedger({ db, clock }: Pick<Services, 'db' | 'clock'>): StockLedger {
  const { levels, availabilities } = stockModels(db);

  async function moveOne(tx: Transaction, movement: Movement): Promise<void> {
    const { reserved, available } = movement;
    const level = await levels
      .findOneAndUpdate(
        {
          _id: levelKey(movement),
          ...(reserved < 0 && { reserved: { $gte: -reserved } }),
          ...(available < 0 && { available: { $gte: -available } }),
        },
        {
          $inc: { onHand: reserved + available, reserved, available, version: 1 },
          $set: { updatedAt: clock() },
        },
        { session: tx.session, returnDocument: 'after' },
      )
      .lean<StockLevelRow>();
    if (!level) throw new StockMovedError(`${levelKey(movement)} cannot move as decided`);
    const was = level.available - available;
    if (was === 0 && level.available > 0) await count(tx, level, 1);
    if (was > 0 && level.available === 0) await count(tx, level, -1);
  }

  /** Levels cross zero rarely, so this second document is no second hot spot. */
  async function count(tx: Transaction, level: StockLevelRow, change: 1 | -1): Promise<void> {
    const row = await availabilities
      .findOneAndUpdate(
        { _id: level.variantId },
        { $inc: { stockedWarehouses: change, version: 1 } },
        { session: tx.session, upsert: true, returnDocument: 'after' },
      )
      .lean<AvailabilityRow>();
    const stocked = row?.stockedWarehouses;
    const isNews = change === 1 ? stocked === 1 : stocked === 0;
    if (!row || !isNews) return;
    announce(tx, level, { version: row.version, isAvailable: change === 1 });
  }

  return {
    async open(tx, place) {
      const empty = { onHand: 0, reserved: 0, available: 0, version: 0, updatedAt: clock() };
      await levels.updateOne(
        { _id: levelKey(place) },
        { $setOnInsert: { ...place, ...empty } },
        { session: tx.session, upsert: true },
      );
    },

    async fill(tx, filled) {
      const { session } = tx;
      const updatedAt = clock();
      await levels.insertMany(
        filled.map((level) => ({
          _id: levelKey(level),
          ...level,
          reserved: 0,
          available: level.onHand,
          version: 1,
          updatedAt,
        })),
        { session },
      );
      const stocked = Map.groupBy(
        filled.filter(({ onHand }) => onHand > 0),
        ({ variantId }) => variantId,
      );
      await availabilities.insertMany(
        [...stocked].map(([_id, own]) => ({ _id, stockedWarehouses: own.length, version: 1 })),
        { session },
      );
      for (const [first] of stocked.values()) {
        if (first) announce(tx, first, { version: 1, isAvailable: true });
      }
    },

    async move(tx, movements) {
      for (const movement of inLockOrder(movements)) await moveOne(tx, movement);
    },
  };
}

function announce(
  tx: Transaction,
  { variantId, productId, shopId }: Omit<StockPlace, 'warehouseId' | 'market'>,
  { version, isAvailable }: { readonly version: number; readonly isAvailable: boolean },
): void {
  tx.emit(availabilityChanged, {
    aggregateId: variantId,
    aggregateVersion: version,
    payload: { variantId, productId, shopId, isAvailable },
  });
}
