import type { Clock } from '@vitrine/kernel/clock';
import type { Crash } from '../checkouts/crash-points.ts';
import { type PaymentProvider, providerNamed } from '../payments/payment-provider.ts';
import type { Orders } from './cancel-order.ts';
import { next } from './order.ts';

export interface RefundDependencies {
  readonly orders: Orders;
  readonly providers: readonly PaymentProvider[];
  readonly clock: Clock;
  readonly crash: Crash;
}

/**
 * Pays a cancelled order back in full. May run again after a kill at any point: the refund's key is
 * the order's id. Throws, to be tried again, while the provider is away; a refusal also throws and
 * stays visible among the failed jobs, since no retry of ours may turn it into another refund.
 */
export const refundOrder =
  ({ orders, providers, clock, crash }: RefundDependencies) =>
  async (orderId: string): Promise<void> => {
    const [order] = await orders.findMany([orderId]);
    if (order?.fulfilment.state !== 'CANCELLED' || order.fulfilment.cancellation.refundedAt) return;
    const { provider: name, paymentId } = order.payment;
    const provider = providerNamed(providers, name);
    // Cancelled between placing and capturing: what was not taken cannot be given back.
    await provider.capture(paymentId);
    const outcome = await provider.refund({ key: order.id, paymentId, amount: order.total });
    if (!outcome.ok) throw new Error(`${name} refused to refund ${order.id}: ${outcome.refusal}`);
    crash('order:after-refund');
    const refunded = next(order, { type: 'REFUNDED', at: clock() });
    // Nothing but this changes a cancelled order; whoever was faster did the same.
    if (refunded) await orders.save(refunded);
  };
