import { orderCancelled, orderPlaced } from '@vitrine/events/orders';
import { plus, SECOND } from '@vitrine/kernel/clock';
import { TEST_MARKET } from '@vitrine/markets/market';
import { audit } from '@vitrine/platform/audit';
import { crashPoint } from '@vitrine/platform/crash-point';
import { enqueuer } from '@vitrine/platform/jobs';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import { after, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import { clearTimer, setTimer } from '@vitrine/platform/timers';
import { announce } from '../changes/changes.redis.ts';
import type { Crash } from '../checkouts/crash-points.ts';
import { toMoneyValue } from '../stored-money.ts';
import type { Orders } from './cancel-order.ts';
import { type OrderRow, orderModel, toOrder, toOrderRow } from './order.model.ts';
import { deadlineOf, type Order, type OrderState } from './order.ts';
import { refundOrderJob } from './refund-order.job.ts';

export interface OrderList {
  /** A shop sells on one side alone; a buyer may have ordered on both. */
  readonly of: { readonly buyerId: string; readonly isTest: boolean } | { readonly shopId: string };
  /** Null for all. */
  readonly states: readonly OrderState[] | null;
  readonly placedFrom: Date | null;
  readonly page: Page;
}

export interface OrderStore extends Orders {
  /** Makes new orders firm, in the transaction that ends their checkout's choice. */
  place(orders: readonly Order[], buyerAlias: string, tx: Transaction): Promise<void>;
  /** As `save`, in the caller's transaction. */
  saveIn(order: Order, tx: Transaction): Promise<boolean>;
  findOfLines(lineIds: readonly string[]): Promise<Order[]>;
  /** One more than the page's size, for `connectionOf`. */
  list(list: OrderList): Promise<Order[]>;
}

export const ORDER_DEADLINE = 'order-deadline';
/** Backs the refund's job, which may be lost with Redis. */
export const ORDER_REFUND = 'order-refund';
const REFUND_AGAIN_AFTER = 5 * SECOND;

/** Newest first: ids rise with time. */
const ORDER = { _id: -1 } as const;

export function orderStore(services: Services, crash: Crash = crashPoint): OrderStore {
  const orders = orderModel(services.db);
  const enqueueRefund = enqueuer(services, refundOrderJob);

  async function keepDeadline(order: Order, tx: Transaction): Promise<void> {
    const deadline = deadlineOf(order);
    const timer = { kind: ORDER_DEADLINE, key: order.id };
    if (deadline) await setTimer(services, tx, { ...timer, dueAt: deadline.at });
    else await clearTimer(services, tx, timer);
  }

  async function keepRefund(order: Order, tx: Transaction): Promise<void> {
    if (order.fulfilment.state !== 'CANCELLED') return;
    const timer = { kind: ORDER_REFUND, key: order.id };
    if (order.fulfilment.cancellation.refundedAt) {
      await clearTimer(services, tx, timer);
      return;
    }
    tx.emit(orderCancelled, cancelledFact(order));
    const { by, reason } = order.fulfilment.cancellation;
    // What buyers do with their own orders is theirs; the shop knows them by an alias only.
    if (by !== 'BUYER') {
      audit(tx, {
        action: 'orders.order-cancelled',
        subject: { type: 'Order', id: order.id },
        shopId: order.shopId,
        after: { by, reason, refunded: toMoneyValue(order.total) },
      });
    }
    tx.afterCommit(async () => crash('order:after-cancelled'));
    await setTimer(services, tx, { ...timer, dueAt: plus(services.clock(), REFUND_AGAIN_AFTER) });
    tx.afterCommit(() => enqueueRefund({ orderId: order.id }));
  }

  async function saveIn(order: Order, tx: Transaction): Promise<boolean> {
    const { _id, lines, fulfilment, state, version } = toOrderRow(order);
    const saved = await orders.updateOne(
      { _id, version: version - 1 },
      { $set: { lines, fulfilment, state, version } },
      { session: tx.session },
    );
    if (saved.modifiedCount === 0) return false;
    await keepDeadline(order, tx);
    await keepRefund(order, tx);
    tx.afterCommit(() => announce(services, order.id));
    return true;
  }

  const find = async (filter: object) =>
    (await orders.find(filter).lean<OrderRow[]>()).map(toOrder);

  return {
    findMany: (ids) => find({ _id: { $in: ids } }),
    findOfLines: (lineIds) => find({ 'lines.id': { $in: lineIds } }),

    async list({ of, states, placedFrom, page }) {
      const rows = await orders
        .find({
          ...('shopId' in of
            ? of
            : { buyerId: of.buyerId, market: of.isTest ? TEST_MARKET : { $ne: TEST_MARKET } }),
          ...(states && { state: { $in: states } }),
          ...(placedFrom && { placedAt: { $gte: placedFrom } }),
          ...after(ORDER, page),
        })
        .sort(sortOf(ORDER, page))
        .limit(page.size + 1)
        .lean<OrderRow[]>();
      return rows.map(toOrder);
    },

    async place(placed, buyerAlias, tx) {
      await orders.insertMany(placed.map(toOrderRow), { session: tx.session });
      for (const order of placed) {
        tx.emit(orderPlaced, placedFact(order, buyerAlias));
        await keepDeadline(order, tx);
      }
    },

    saveIn,
    save: (order) => transact(services, (tx) => saveIn(order, tx)),
  };
}

export const placedFact = (order: Order, buyerAlias: string) => ({
  aggregateId: order.id,
  aggregateVersion: order.version,
  payload: {
    orderId: order.id,
    checkoutId: order.checkoutId,
    buyerId: order.buyerId,
    buyerAlias,
    shopId: order.shopId,
    market: order.market,
    lines: order.lines.map(({ id, productId, variantId, sku, title, price, source }) => ({
      orderLineId: id,
      productId,
      variantId,
      sku,
      title,
      price: toMoneyValue(price),
      source,
    })),
    shippingOptionId: order.shipping.optionId,
    total: toMoneyValue(order.total),
  },
});

const cancelledFact = (order: Order) => ({
  aggregateId: order.id,
  aggregateVersion: order.version,
  payload: {
    orderId: order.id,
    checkoutId: order.checkoutId,
    buyerId: order.buyerId,
    shopId: order.shopId,
    market: order.market,
    lines: order.lines.map(({ id, productId, variantId, price }) => ({
      orderLineId: id,
      productId,
      variantId,
      refunded: toMoneyValue(price),
    })),
  },
});
