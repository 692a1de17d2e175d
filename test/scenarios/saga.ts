import { randomUUID } from 'node:crypto';
import type { Data } from '@vitrine/graph-client/graph-client';
import { type CrashPoint, crashPoints } from '@vitrine/orders/checkouts/crash-points';
import { expect } from 'vitest';
import type { TestPlatform } from '../platform.ts';
import {
  availableOf,
  placeOrder,
  placeOrderUntilDone,
  readyToBuy,
  setStock,
  somethingOnSale,
} from './shopping.ts';

const STOCK = 5;

const CANCEL = `mutation ($input: CancelOrderInput!) {
  cancelOrder(input: $input) { order { id state } userErrors { ... on UserError { code } } }
}`;
const ORDER = `query ($id: ID!) { order(id: $id) { state paymentState } }`;

/** How the client behaves so that the checkout passes a point, and how it must end. */
interface Route {
  readonly payWith?: string;
  readonly wants?: number;
  readonly ends: 'ordered' | 'refused' | 'cancelled';
}

const DECLINED = 'pm_sandbox_declined';

function routeTo(point: CrashPoint): Route | null {
  switch (point) {
    case 'checkout:after-stock-refused':
      return { wants: STOCK + 1, ends: 'refused' };
    case 'checkout:after-payment-declined':
      return { payWith: DECLINED, ends: 'refused' };
    case 'order:after-cancelled':
    case 'order:after-refund':
      return { ends: 'cancelled' };
    // Minutes have to pass for these; the subgraph's own tests move its clock and kill there.
    case 'checkout:after-time-ran-out':
    case 'checkout:after-void':
    case 'checkout:after-payment-voided':
      return null;
    default:
      return { ends: 'ordered' };
  }
}

/** The points that a client can reach without waiting for a deadline. */
export const reachable: readonly CrashPoint[] = crashPoints.filter((point) => routeTo(point));

/** Which process passes a point: what a mutation does itself happens in the server. */
const processAt = (point: CrashPoint): string =>
  point === 'checkout:after-stored' || point === 'order:after-cancelled'
    ? 'orders.server'
    : 'orders.worker';

/** Kills the process at a point of a purchase, lets it come back, and looks at what is left. */
export async function killedAt(
  test: TestPlatform,
  point: CrashPoint,
  buyerId: string,
): Promise<void> {
  const route = routeTo(point);
  if (!route) throw new Error(`${point} cannot be reached`);
  const goods = somethingOnSale(test);
  await setStock(test, goods, STOCK);
  const buyer = await test.as(buyerId);
  const input = await readyToBuy(buyer, goods, {
    quantity: route.wants ?? 1,
    ...(route.payWith ? { payWith: route.payWith } : {}),
  });
  const victim = test.running.process(processAt(point));
  await victim.kill({ revive: false });
  await victim.revive({ CRASH_AT: point });
  const death = victim.ended();

  if (route.ends === 'cancelled') {
    const orderId = (await placeOrderUntilDone(buyer, input))['orders'][0].id;
    const cancel = { orderId, reason: 'CHANGED_MIND', idempotencyKey: randomUUID() };
    const cancelling = buyer.run(CANCEL, { input: cancel }).catch(() => null);
    await death;
    await cancelling;
    await victim.ready();
    await buyer.run(CANCEL, { input: cancel });
    await expect
      .poll(async () => (await buyer.run(ORDER, { id: orderId })).order, { timeout: 20_000 })
      .toEqual({ state: 'CANCELLED', paymentState: 'REFUNDED' });
    await test.settled();
    expect(await availableOf(test, goods)).toBe(STOCK);
    expect(await chargesOf(test, orderId)).toEqual([{ state: 'CAPTURED', refunded: true }]);
    return;
  }

  const first = placeOrder(buyer, input).catch(() => null);
  await death;
  await victim.ready();
  await first;
  const outcome = await placeOrderUntilDone(buyer, input);
  await test.settled();
  if (route.ends === 'ordered') {
    expect(outcome['orders']).toHaveLength(1);
    expect(outcome['checkout'].state).toBe('COMPLETED');
    expect(await availableOf(test, goods)).toBe(STOCK - 1);
    expect(await chargesOf(test, outcome['orders'][0].id)).toEqual([
      { state: 'CAPTURED', refunded: false },
    ]);
    const again = await placeOrder(buyer, input);
    expect(again['orders'].map(({ id }: Data) => id)).toEqual([outcome['orders'][0].id]);
  } else {
    expect(outcome['orders']).toEqual([]);
    expect(outcome['userErrors'].length).toBeGreaterThan(0);
    expect(await availableOf(test, goods)).toBe(STOCK);
  }
}

/** What the sandbox provider's own books say was taken for an order's checkout. */
async function chargesOf(
  test: TestPlatform,
  orderId: string,
): Promise<{ state: string; refunded: boolean }[]> {
  const { db } = test.services('orders');
  const order = await db.collection('orders').findOne({ _id: orderId as never }); // ids are strings here
  const payments = await db
    .collection('sandbox_payments')
    .find({ key: order?.['checkoutId'] })
    .toArray();
  return payments.map(({ state, refunds }) => ({ state, refunded: refunds.length > 0 }));
}
