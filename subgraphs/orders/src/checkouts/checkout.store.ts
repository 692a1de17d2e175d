import { checkoutAbandoned, stockRequested } from '@vitrine/events/orders';
import { accept, refuse } from '@vitrine/kernel/outcome';
import { crashPoint } from '@vitrine/platform/crash-point';
import { idempotencyModel } from '@vitrine/platform/idempotency';
import { violatedIndex } from '@vitrine/platform/mongo';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { clearTimer, setTimer } from '@vitrine/platform/timers';
import { cartStore } from '../carts/cart.store.ts';
import { announce, endOf } from '../changes/changes.redis.ts';
import { orderStore } from '../orders/order.store.ts';
import { profileStore } from '../profiles/profile.store.ts';
import { aliasOf } from '../profiles/profile.ts';
import { sellingRulesOf } from '../selling/selling-rules.data.ts';
import {
  type CheckoutRow,
  checkoutModel,
  flagsOf,
  ONE_OPEN_PER_CART,
  ONE_PER_KEY,
  toCheckout,
  toCheckoutRow,
} from './checkout.model.ts';
import {
  type Checkout,
  type CheckoutEvent,
  isOpen,
  isRefused,
  lookAgainAt,
  next,
  type ProgressState,
} from './checkout.ts';
import type { Checkouts } from './checkout-ports.ts';
import type { Crash, CrashPoint } from './crash-points.ts';
import { placedOrders } from './placed-orders.ts';

export interface CheckoutStore extends Checkouts {
  findMany(ids: readonly string[]): Promise<Checkout[]>;
  /** As `find` and `apply`, in the caller's transaction. */
  findIn(id: string, tx: Transaction): Promise<Checkout | null>;
  applyIn(from: Checkout, event: CheckoutEvent, tx: Transaction): Promise<Checkout | null>;
  /** Tells logistics to let go of what a checkout holds, for one that has ended already. */
  release(checkout: Checkout, tx: Transaction): Promise<void>;
  /** Sets the timer of a checkout that is still under way anew. */
  rearm(checkout: Checkout): Promise<void>;
}

/** Takes a checkout up again that stands still, or gives it up when its time is over. */
export const CHECKOUT_TIMER = 'checkout';

/** The idempotency scope of `placeOrder`; a refused checkout frees its key there. */
export const placeOrderScope = (buyerId: string): string => `placeOrder/${buyerId}`;

/**
 * Who waits for somebody else gets a moment of its own. The steps after an authorisation follow at
 * once and live under its moment: a timer each would be most of what a checkout writes.
 */
const REARMED_BY: readonly CheckoutEvent['type'][] = ['STOCK_RESERVED', 'TIME_RAN_OUT'];

const HOLDING: readonly ProgressState[] = ['RESERVING', 'AUTHORISING', 'PLACING'];

/** From a state that holds stock, or may, into one that gives up. */
const letsGo = (from: Checkout, to: Checkout): boolean =>
  HOLDING.includes(from.progress.state) &&
  (to.progress.state === 'ABANDONING' || isRefused(to.progress));

const crashAfter = ({ type }: CheckoutEvent): CrashPoint =>
  // The crash points after events are named by the events.
  `checkout:after-${type.toLowerCase().replaceAll('_', '-')}` as CrashPoint;

export function checkoutStore(services: Services, crash: Crash = crashPoint): CheckoutStore {
  const checkouts = checkoutModel(services.db);
  const orders = orderStore(services, crash);
  const carts = cartStore(services.db);
  const profiles = profileStore(services.db);

  async function keepTimer(checkout: Checkout, tx: Transaction): Promise<void> {
    const timer = { kind: CHECKOUT_TIMER, key: checkout.id };
    const dueAt = lookAgainAt(checkout.progress, services.clock());
    if (dueAt) await setTimer(services, tx, { ...timer, dueAt });
    else await clearTimer(services, tx, timer);
  }

  /** The orders, firm, and the cart without what they hold. */
  async function place(from: Checkout, tx: Transaction): Promise<void> {
    if (from.progress.state !== 'PLACING') return;
    const placedAt = services.clock();
    const rules = sellingRulesOf(from.market, placedAt);
    if (!rules) throw new Error(`${from.market} was a market when the checkout was started`);
    const placed = placedOrders(from, from.progress.paymentId, placedAt, rules);
    const name = await profiles.displayNameOf(from.buyerId);
    await orders.place(placed, aliasOf(name), tx);
    const ordered = from.orders
      .flatMap(({ lines }) => lines)
      .map(({ variantId, orderLineIds }) => ({ variantId, quantity: orderLineIds.length }));
    await carts.takeOrdered(from.cartId, ordered, tx);
  }

  const abandoned = (checkout: Checkout, tx: Transaction) =>
    tx.emit(checkoutAbandoned, {
      aggregateId: checkout.id,
      aggregateVersion: checkout.version,
      payload: { checkoutId: checkout.id, reason: checkout.progress.state },
    });

  async function applyIn(
    from: Checkout,
    event: CheckoutEvent,
    tx: Transaction,
  ): Promise<Checkout | null> {
    const progress = next(from.progress, event);
    if (!progress) return null;
    const to: Checkout = { ...from, progress, version: from.version + 1 };
    const moved = await checkouts.updateOne(
      { _id: from.id, version: from.version },
      { $set: { progress, version: to.version, ...flagsOf(to) } },
      { session: tx.session },
    );
    if (moved.modifiedCount === 0) return null;
    tx.afterCommit(async () => crash(crashAfter(event)));
    tx.afterCommit(() => announce(services, to.id));
    if (!isOpen(progress)) tx.afterCommit(() => announce(services, endOf(to.id)));
    if (event.type === 'ORDERS_PLACED') await place(from, tx);
    if (letsGo(from, to)) abandoned(to, tx);
    if (isRefused(progress)) {
      const _id = `${placeOrderScope(to.buyerId)}/${to.idempotencyKey}`;
      await idempotencyModel(services.db).deleteOne({ _id }, { session: tx.session });
    }
    if (REARMED_BY.includes(event.type) || !isOpen(progress)) await keepTimer(to, tx);
    return to;
  }

  return {
    async find(id) {
      const row = await checkouts.findById(id).lean<CheckoutRow>();
      return row && toCheckout(row);
    },

    async findIn(id, { session }) {
      const row = await checkouts.findById(id, null, { session }).lean<CheckoutRow>();
      return row && toCheckout(row);
    },

    async findMany(ids) {
      return (await checkouts.find({ _id: { $in: ids } }).lean<CheckoutRow[]>()).map(toCheckout);
    },

    async findByKey(buyerId, idempotencyKey) {
      const row = await checkouts
        .findOne({ buyerId, idempotencyKey, holdsKey: true })
        .lean<CheckoutRow>();
      return row && toCheckout(row);
    },

    async start(checkout, cartVersion) {
      try {
        return await transact(services, async (tx) => {
          const isCurrent = await carts.isAt(checkout.cartId, cartVersion, tx);
          if (!isCurrent) return refuse({ kind: 'CART_CHANGED' });
          await checkouts.insertMany([toCheckoutRow(checkout)], { session: tx.session });
          tx.emit(stockRequested, requestedFact(checkout));
          await keepTimer(checkout, tx);
          return accept(checkout);
        });
      } catch (error) {
        switch (violatedIndex(error)) {
          case ONE_PER_KEY:
            return refuse({ kind: 'KEY_BUSY' });
          case ONE_OPEN_PER_CART: {
            const { cartId } = checkout;
            const other = await checkouts.findOne({ cartId, isOpen: true }).lean<CheckoutRow>();
            return refuse({ kind: 'CART_BUSY', checkoutId: other?._id ?? null });
          }
          default:
            throw error;
        }
      }
    },

    rearm: (checkout) => transact(services, (tx) => keepTimer(checkout, tx)),
    applyIn,
    apply: (from, event) => transact(services, (tx) => applyIn(from, event, tx)),

    async release(checkout, tx) {
      const to = { ...checkout, version: checkout.version + 1 };
      await checkouts.updateOne(
        { _id: to.id, version: checkout.version },
        { $set: { version: to.version } },
        { session: tx.session },
      );
      abandoned(to, tx);
    },
  };
}

const requestedFact = ({ id, version, market, orders }: Checkout) => ({
  aggregateId: id,
  aggregateVersion: version,
  payload: {
    checkoutId: id,
    market,
    lines: orders
      .flatMap(({ lines }) => lines)
      .map(({ variantId, orderLineIds }) => ({ variantId, quantity: orderLineIds.length })),
  },
});
