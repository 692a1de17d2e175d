import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { audit } from '@vitrine/platform/audit';
import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import type { ChangedStock, ChangeStockRefusal, Stock } from './change-stock.ts';
import { StockMovedError, stockLedger } from './stock.ledger.ts';
import {
  type StockChangeRow,
  type StockLevelRow,
  stockModels,
  toStockLevel,
} from './stock.model.ts';
import { levelKey, type StockLevel, toAdjust, toCount } from './stock-level.ts';

export interface StockStore extends Stock {
  findByVariants(variantIds: readonly string[]): Promise<StockLevel[]>;
  /** As the transaction sees them. */
  findInMarket(
    tx: Transaction,
    market: string,
    variantIds: readonly string[],
  ): Promise<StockLevel[]>;
}

const ATTEMPTS = 3;

export function stockStore(services: Services): StockStore {
  const { levels, changes } = stockModels(services.db);
  const ledger = stockLedger(services);

  type Order = Parameters<Stock['change']>[0];

  async function changeOnce(
    tx: Transaction,
    { variantId, warehouseId, productId, shopId, market, change, userId, idempotencyKey }: Order,
  ): Promise<Outcome<ChangedStock, ChangeStockRefusal>> {
    const { session } = tx;
    const mutation = change.kind === 'SET' ? 'setStock' : 'adjustStock';
    const _id = `${mutation}/${userId}/${idempotencyKey}`;
    const asked = JSON.stringify({ variantId, warehouseId, ...change });
    const find = () =>
      levels
        .findById(levelKey({ variantId, warehouseId }), null, { session })
        .lean<StockLevelRow>();

    const before = await changes.findById(_id, null, { session }).lean<StockChangeRow>();
    if (before && before.asked !== asked) return refuse({ kind: 'IDEMPOTENCY_KEY_REUSED' });
    const row = await find();
    if (before && row) return accept({ level: toStockLevel(row), isReplayed: true });

    const place = { variantId, warehouseId, shopId, market };
    const empty = { onHand: 0, reserved: 0, available: 0, version: 0, updatedAt: services.clock() };
    const level = row ? toStockLevel(row) : { ...place, ...empty };
    const decided = change.kind === 'SET' ? toCount(level, change) : toAdjust(level, change.delta);
    if (!decided.ok) {
      return decided.refusal === 'VERSION_CONFLICT'
        ? refuse({ kind: 'VERSION_CONFLICT', current: row ? level : null })
        : refuse({ kind: 'REFUSED', refusal: decided.refusal });
    }
    const delta = decided.value;
    await changes.insertMany(
      [{ _id, variantId, warehouseId, asked, delta, userId, at: services.clock() }],
      { session },
    );
    if (!row) await ledger.open(tx, { ...place, productId });
    await ledger.move(tx, [{ variantId, warehouseId, reserved: 0, available: delta }]);
    const after = await find();
    const changed = after ? toStockLevel(after) : level;
    audit(tx, {
      action: change.kind === 'SET' ? 'logistics.stock-set' : 'logistics.stock-adjusted',
      subject: { type: 'Variant', id: variantId },
      shopId,
      before: auditedLevel(level),
      after: { warehouseId, ...auditedLevel(changed) },
    });
    return accept({ level: changed, isReplayed: false });
  }

  return {
    async change(order) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await transact(services, (tx) => changeOnce(tx, order));
        } catch (error) {
          // Somebody made or moved the level, or used the key, in between: the next look finds it.
          const isOvertaken = violatedIndex(error) !== null || error instanceof StockMovedError;
          if (attempt === ATTEMPTS || !isOvertaken) throw error;
        }
      }
    },

    async findByVariants(variantIds) {
      const rows = await levels.find({ variantId: { $in: variantIds } }).lean<StockLevelRow[]>();
      return rows.map(toStockLevel);
    },

    async findInMarket({ session }, market, variantIds) {
      const rows = await levels
        .find({ variantId: { $in: variantIds }, market }, null, { session })
        .lean<StockLevelRow[]>();
      return rows.map(toStockLevel);
    },
  };
}

const auditedLevel = ({ onHand, reserved }: StockLevel) => ({ onHand, reserved });
