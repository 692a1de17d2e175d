import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type IdempotencyRefusal, idempotently } from '@vitrine/platform/idempotency';
import type { Services } from '@vitrine/platform/services';
import type { Viewer } from '@vitrine/platform/viewer';
import { cancelOrder, type Orders } from './cancel-order.ts';
import { type CancelReason, type CancelRefusal, maySee, type Order } from './order.ts';

export interface CancelOrderCommand {
  readonly idempotencyKey: string;
  readonly orderId: string;
  readonly reason: CancelReason;
}

export type CancelOrderOnce = (
  viewer: Viewer,
  command: CancelOrderCommand,
) => Promise<
  Outcome<
    { readonly order: Order; readonly isReplayed: boolean },
    CancelRefusal | IdempotencyRefusal | 'NOT_FOUND'
  >
>;

/** `cancelOrder` once per key, for those who may see the order; for others it does not exist. */
export function cancelOrderOnce(services: Services, orders: Orders): CancelOrderOnce {
  const cancel = cancelOrder(orders, services.clock);
  return async (viewer, { idempotencyKey, orderId, reason }) => {
    const once = await idempotently(
      services,
      {
        scope: `cancelOrder/${viewer.userId}`,
        key: idempotencyKey,
        input: { orderId, reason },
      },
      async (): Promise<Outcome<string, CancelRefusal | 'NOT_FOUND'>> => {
        const [order] = await orders.findMany([orderId]);
        if (!order || !maySee(order, viewer)) return refuse('NOT_FOUND');
        const by = order.buyerId === viewer.userId ? 'BUYER' : 'SHOP';
        const cancelled = await cancel({ orderId, reason, by, idempotencyKey });
        return cancelled.ok ? accept(orderId) : cancelled;
      },
    );
    if (!once.ok) return once;
    const [order] = await orders.findMany([once.value.result]);
    // Somebody who has left the shop since must not see it again by an old key.
    if (!order || !maySee(order, viewer)) return refuse('NOT_FOUND');
    return accept({ order, isReplayed: once.value.isReplayed });
  };
}
