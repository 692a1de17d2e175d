import { crashPoint } from '@vitrine/platform/crash-point';
import { jobWorker } from '@vitrine/platform/jobs';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import type { TimerHandlers } from '@vitrine/platform/timers';
import type { PaymentProvider } from '../payments/payment-provider.ts';
import { cancelOrder } from './cancel-order.ts';
import { ORDER_DEADLINE, ORDER_REFUND, orderStore } from './order.store.ts';
import { deadlineOf, next } from './order.ts';
import { refundOrderJob } from './refund-order.job.ts';
import { refundOrder } from './refund-order.ts';

export interface OrderWork {
  readonly workers: readonly Closable[];
  readonly timers: TimerHandlers;
}

export function orderWork(services: Services, providers: readonly PaymentProvider[]): OrderWork {
  const { clock } = services;
  const orders = orderStore(services);
  const cancel = cancelOrder(orders, clock);
  const refund = refundOrder({ orders, providers, clock, crash: crashPoint });

  async function actOnDeadline(orderId: string): Promise<void> {
    const [order] = await orders.findMany([orderId]);
    const deadline = order && deadlineOf(order);
    // Moved on meanwhile, or the deadline with it: its own timer comes.
    if (!order || !deadline || deadline.at > clock()) return;
    switch (deadline.action) {
      case 'RELEASE_TO_SHOP': {
        const released = next(order, { type: 'HOLD_ENDED' });
        if (released && !(await orders.save(released))) throw new Error(`${orderId} changed`);
        return;
      }
      case 'CANCEL':
        // Sent at the last moment is a refusal, and right.
        await cancel({
          orderId,
          reason: 'NOT_SHIPPED_IN_TIME',
          by: 'SYSTEM',
          idempotencyKey: null,
        });
        return;
      default:
        deadline.action satisfies never;
    }
  }

  return {
    workers: [jobWorker(services, refundOrderJob, ({ orderId }) => refund(orderId))],
    timers: { [ORDER_DEADLINE]: actOnDeadline, [ORDER_REFUND]: refund },
  };
}
