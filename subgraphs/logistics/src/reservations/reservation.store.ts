import type { FactOf } from '@vitrine/events/fact';
import { stockRefused, stockReserved } from '@vitrine/events/logistics';
import type { orderPlaced, stockRequested } from '@vitrine/events/orders';
import { MINUTE, plus } from '@vitrine/kernel/clock';
import { marketOf, ruleOf } from '@vitrine/markets/market';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { clearTimer, setTimer } from '@vitrine/platform/timers';
import { stockLedger } from '../stock/stock.ledger.ts';
import { stockStore } from '../stock/stock.store.ts';
import { giveBack, type OrderUnit, place } from './order-stock.ts';
import {
  type OrderStockRow,
  type ReservationRow,
  reservationModels,
  toOrderStock,
  toReservation,
} from './reservation.model.ts';
import { letGo, type Reservation, reserve } from './reservation.ts';

/** Deadlines of this kind are keyed by the checkout. */
export const RESERVATION_EXPIRY = 'reservation-expiry';

/**
 * Units stay held for so long after what the checkout was promised: an order placed in the last
 * second must find them, though the news of it takes a moment.
 */
export const GRACE_MS = 1 * MINUTE;

type StockRequest = FactOf<typeof stockRequested>['payload'];
type PlacedOrder = FactOf<typeof orderPlaced>['payload'];

export interface ReservationStore {
  /** Answers a checkout's request with a fact, once, whatever is delivered again. */
  request(tx: Transaction, request: StockRequest): Promise<void>;
  /** Lets go of what a checkout holds, and keeps it from getting anything later. */
  abandon(tx: Transaction, checkoutId: string): Promise<void>;
  /** Lets go of what a checkout still holds when its time is over. */
  expire(checkoutId: string): Promise<void>;
  /** Gives a placed order its units; null when it was cancelled or given them before. */
  place(tx: Transaction, order: PlacedOrder): Promise<readonly OrderUnit[] | null>;
  /** Returns a cancelled order's units, once. */
  giveBack(
    tx: Transaction,
    order: { readonly orderId: string; readonly checkoutId: string },
    goods: 'HERE' | 'GONE',
  ): Promise<void>;
}

export function reservationStore(services: Services): ReservationStore {
  const { reservations, orderStock } = reservationModels(services.db);
  const ledger = stockLedger(services);
  const stock = stockStore(services);

  async function find(tx: Transaction, checkoutId: string): Promise<ReservationRow | null> {
    return reservations.findById(checkoutId, null, { session: tx.session }).lean<ReservationRow>();
  }

  async function write(
    tx: Transaction,
    checkoutId: string,
    next: Reservation,
    expiresAt: Date | null,
  ): Promise<void> {
    const row: Omit<ReservationRow, '_id'> = {
      state: next.state,
      reservationId: 'reservationId' in next ? next.reservationId : null,
      parts: next.state === 'HELD' ? next.parts : [],
      shortages: next.state === 'REFUSED' ? next.shortages : [],
      reason: next.state === 'RELEASED' ? next.reason : null,
      expiresAt,
      endedAt: next.state === 'HELD' ? null : services.clock(),
    };
    await reservations.updateOne(
      { _id: checkoutId },
      { $set: row },
      { session: tx.session, upsert: true },
    );
  }

  async function end(
    tx: Transaction,
    row: ReservationRow,
    reason: 'ABANDONED' | 'EXPIRED',
  ): Promise<void> {
    const step = letGo(toReservation(row), reason);
    if (!step) return;
    await write(tx, row._id, step.next, row.expiresAt);
    await clearTimer(services, tx, { kind: RESERVATION_EXPIRY, key: row._id });
    await ledger.move(tx, step.movements);
  }

  return {
    async request(tx, { checkoutId, market, lines }) {
      if (await find(tx, checkoutId)) return;
      const levels = await stock.findInMarket(tx, market, [
        ...new Set(lines.map(({ variantId }) => variantId)),
      ]);
      const { next, movements } = reserve(services.newId('rsv'), lines, levels);
      const about = { aggregateId: checkoutId, aggregateVersion: 1 };
      if (next.state === 'REFUSED') {
        await write(tx, checkoutId, next, null);
        const { shortages } = next;
        tx.emit(stockRefused, { ...about, payload: { checkoutId, shortages: [...shortages] } });
        return;
      }
      if (next.state !== 'HELD') return;
      const expiresAt = expiryIn(market, services.clock());
      await write(tx, checkoutId, next, expiresAt);
      await setTimer(services, tx, {
        kind: RESERVATION_EXPIRY,
        key: checkoutId,
        dueAt: plus(expiresAt, GRACE_MS),
      });
      // Last, since it locks what everybody wants.
      await ledger.move(tx, movements);
      const { reservationId } = next;
      tx.emit(stockReserved, {
        ...about,
        payload: { checkoutId, reservationId, expiresAt: expiresAt.toISOString() },
      });
    },

    async abandon(tx, checkoutId) {
      const row = await find(tx, checkoutId);
      if (row) return end(tx, row, 'ABANDONED');
      await write(tx, checkoutId, { state: 'RELEASED', reason: 'ABANDONED' }, null);
    },

    async expire(checkoutId) {
      await transact(services, async (tx) => {
        const row = await find(tx, checkoutId);
        if (!row?.expiresAt || plus(row.expiresAt, GRACE_MS) > services.clock()) return;
        await end(tx, row, 'EXPIRED');
      });
    },

    async place(tx, { orderId, checkoutId, market, lines }) {
      const { session } = tx;
      const known = await orderStock.findById(orderId, null, { session }).lean<OrderStockRow>();
      const row = await find(tx, checkoutId);
      const levels = await stock.findInMarket(tx, market, [
        ...new Set(lines.map(({ variantId }) => variantId)),
      ]);
      const placement = place(lines, {
        known: known && toOrderStock(known),
        reservation: row && toReservation(row),
        levels,
      });
      if (!placement) return null;
      const { next, reservation, movements } = placement;
      if (reservation) await write(tx, checkoutId, reservation, row?.expiresAt ?? null);
      if (reservation?.state === 'CLAIMED') {
        await clearTimer(services, tx, { kind: RESERVATION_EXPIRY, key: checkoutId });
      }
      await orderStock.updateOne(
        { _id: orderId },
        { $set: { checkoutId, ...next } },
        { session, upsert: true },
      );
      await ledger.move(tx, movements);
      if (next.shortages.length > 0) {
        services.logger.error(
          { orderId, checkoutId, shortages: next.shortages },
          'a placed order found too little stock: its reservation had ended',
        );
      }
      return next.state === 'TAKEN' ? next.units : null;
    },

    async giveBack(tx, { orderId, checkoutId }, goods) {
      const { session } = tx;
      const known = await orderStock.findById(orderId, null, { session }).lean<OrderStockRow>();
      const step = giveBack(known && toOrderStock(known), goods);
      if (!step) return;
      await orderStock.updateOne(
        { _id: orderId },
        { $set: { checkoutId, ...step.next } },
        { session, upsert: true },
      );
      await ledger.move(tx, step.movements);
    },
  };
}

function expiryIn(code: string, now: Date): Date {
  const market = marketOf(code);
  // Levels are kept for known markets only, so nothing can be held in another.
  if (!market) throw new Error(`stock is held in ${code}, which is no market`);
  return plus(now, ruleOf(market, 'checkout', now).reservationMinutes * MINUTE);
}
