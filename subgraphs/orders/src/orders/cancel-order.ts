import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import {
  type Canceller,
  type CancelReason,
  type CancelRefusal,
  cancel,
  type Order,
} from './order.ts';

/** Where orders are kept. */
export interface Orders {
  findMany(ids: readonly string[]): Promise<Order[]>;
  /**
   * Stores the next version of an order with the facts, timers and jobs it entails; false when
   * somebody else has changed it since it was read.
   */
  save(order: Order): Promise<boolean>;
}

export interface CancelOrder {
  readonly orderId: string;
  readonly reason: CancelReason;
  readonly by: Canceller;
  readonly idempotencyKey: string | null;
}

/** A parcel moves an order a few times in its life; losing more races than this is a fault. */
const ATTEMPTS = 10;

/**
 * Cancels an order nothing of which has left. Against a parcel that leaves at the same moment one
 * of the two wins: the loser reads again and decides on what the winner left.
 */
export const cancelOrder =
  (orders: Orders, clock: Clock) =>
  async ({
    orderId,
    ...wanted
  }: CancelOrder): Promise<Outcome<Order, CancelRefusal | 'NOT_FOUND'>> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const [order] = await orders.findMany([orderId]);
      if (!order) return refuse('NOT_FOUND');
      const { fulfilment } = order;
      // The same call, whose first process died before it could answer.
      const isSameCall =
        fulfilment.state === 'CANCELLED' &&
        wanted.idempotencyKey !== null &&
        // A key is its caller's own: the shop may happen to use the buyer's.
        fulfilment.cancellation.by === wanted.by &&
        fulfilment.cancellation.idempotencyKey === wanted.idempotencyKey;
      if (isSameCall) return accept(order);

      const decision = cancel(order, { ...wanted, cancelledAt: clock(), refundedAt: null });
      if (!decision.ok || (await orders.save(decision.value))) return decision;
    }
    throw new Error(`${orderId} was changed too often at once`);
  };
