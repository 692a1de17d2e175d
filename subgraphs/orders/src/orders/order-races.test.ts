import { HOUR, plus } from '@vitrine/kernel/clock';
import { add, money } from '@vitrine/kernel/money';
import { accept, refuse } from '@vitrine/kernel/outcome';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PaymentProvider } from '../payments/payment-provider.ts';
import { cancelOrder, type Orders } from './cancel-order.ts';
import { type Canceller, next, type Order, paymentStateOf } from './order.ts';
import { refundOrder } from './refund-order.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

/** One of two orders that were paid together. */
const placed = (id: string, minor: bigint): Order => ({
  id,
  number: `DE-260301-${id}`,
  checkoutId: 'chk_1',
  buyerId: 'usr_1',
  shopId: `shp_${id}`,
  market: 'DE',
  lines: ['1', '2'].map((unit) => ({
    id: `oln_${id}_${unit}`,
    productId: 'prd_1',
    variantId: 'var_1',
    sku: 'A',
    title: 'Thing',
    price: money(minor / 2n, 'EUR'),
    source: null,
    state: 'PENDING',
  })),
  shipping: { optionId: 'standard', name: 'Standard', price: money(0n, 'EUR') },
  total: money(minor, 'EUR'),
  address: {
    id: 'adr_1',
    recipient: 'Anna',
    phone: '+49 30 1',
    line1: 'Torstraße 1',
    line2: null,
    city: 'Berlin',
    region: null,
    postalCode: null,
    market: 'DE',
  },
  payment: { provider: 'memory', paymentId: 'pay_1' },
  placedAt: NOW,
  cancelAt: plus(NOW, 168 * HOUR),
  fulfilment: { state: 'ON_HOLD', releaseAt: plus(NOW, HOUR) },
  version: 1,
});

class Failed extends Error {}

/** Orders and their payment in memory, where any call may be overtaken and any process may die. */
function world(scheduler: fc.Scheduler, failures: readonly boolean[]) {
  const stored = new Map(
    [placed('a', 1_000n), placed('b', 600n)].map((order) => [order.id, order]),
  );
  const repaid = new Map<string, bigint>();
  const due = [...failures];
  let captured = 0n;
  let isCalm = false;
  const mayFail = () => {
    if (!isCalm && due.shift()) throw new Failed();
  };
  const overtakable = <Result>(work: () => Result): Promise<Result> =>
    scheduler.schedule(Promise.resolve()).then(work);

  const orders: Orders = {
    findMany: (ids) => overtakable(() => ids.flatMap((id) => stored.get(id) ?? [])),
    save: (order) =>
      overtakable(() => {
        if (stored.get(order.id)?.version !== order.version - 1) return false;
        stored.set(order.id, order);
        return true;
      }),
  };
  const provider: PaymentProvider = {
    name: 'memory',
    isTest: true,
    methods: [],
    authorise: async () => refuse('VOIDED'),
    voidByKey: async () => {},
    capture: () =>
      overtakable(() => {
        mayFail();
        captured = 1_600n;
      }),
    refund: ({ key, amount }) =>
      overtakable(() => {
        if (repaid.has(key)) return accept(null);
        const left = captured - [...repaid.values()].reduce((sum, minor) => sum + minor, 0n);
        if (amount.minor > left) return refuse('EXCEEDS_PAYMENT');
        repaid.set(key, amount.minor);
        return accept(null);
      }),
  };
  const cancel = cancelOrder(orders, () => NOW);
  const refund = refundOrder({ orders, providers: [provider], clock: () => NOW, crash: mayFail });

  return {
    cancel: (orderId: string, by: Canceller, idempotencyKey: string | null) =>
      cancel({ orderId, reason: 'OTHER', by, idempotencyKey }),
    refund: (orderId: string) =>
      refund(orderId).catch((error: unknown) => {
        if (!(error instanceof Failed)) throw error;
      }),
    async parcel(orderId: string, type: 'LINES_SHIPPED' | 'LINES_DELIVERED', lineIds: string[]) {
      for (;;) {
        const [order] = await orders.findMany([orderId]);
        const moved = order && next(order, { type, lineIds });
        if (!moved || (await orders.save(moved))) return;
      }
    },
    calm: () => {
      isCalm = true;
    },
    orders: () => [...stored.values()],
    repaid,
  };
}

type World = ReturnType<typeof world>;

const happenings: readonly ((of: World, id: string) => Promise<unknown>)[] = [
  (of, id) => of.cancel(id, 'BUYER', 'key'),
  (of, id) => of.cancel(id, 'SHOP', 'key'),
  (of, id) => of.cancel(id, 'SYSTEM', null),
  (of, id) => of.refund(id),
  (of, id) => of.refund(id),
  (of, id) => of.parcel(id, 'LINES_SHIPPED', [`oln_${id}_1`]),
  (of, id) => of.parcel(id, 'LINES_DELIVERED', [`oln_${id}_1`, `oln_${id}_2`]),
];

test('whoever cancels, sends and pays back at once, an order is sent or paid back in full, never both', async () => {
  const ends = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.tuple(fc.nat({ max: happenings.length - 1 }), fc.constantFrom('a', 'b')), {
        maxLength: 10,
      }),
      fc.array(fc.boolean(), { maxLength: 4 }),
      async (scheduler, wanted, failures) => {
        const all = world(scheduler, failures);
        const running: Promise<unknown>[] = [];
        for (const [which, id] of wanted) {
          const happen = happenings[which];
          if (happen) running.push(happen(all, id));
          if (scheduler.count() > 0) await scheduler.waitNext(1);
        }
        await scheduler.waitIdle();
        await Promise.all(running);
        // The timers take up the refunds that were cut off.
        all.calm();
        const last = Promise.all(all.orders().map(({ id }) => all.refund(id)));
        await scheduler.waitIdle();
        await last;

        let back = money(0n, 'EUR');
        for (const order of all.orders()) {
          const isSent = order.lines.some(({ state }) => state !== 'PENDING');
          const isCancelled = order.fulfilment.state === 'CANCELLED';
          ends.add(`${order.fulfilment.state} ${paymentStateOf(order)}`);
          expect(isSent && isCancelled).toBe(false);
          expect(paymentStateOf(order)).toBe(isCancelled ? 'REFUNDED' : 'PAID');
          expect(all.repaid.get(order.id)).toBe(isCancelled ? order.total.minor : undefined);
          if (isCancelled) back = add(back, order.total);
        }
        expect([...all.repaid.values()].reduce((sum, minor) => sum + minor, 0n)).toBe(back.minor);
      },
    ),
    { numRuns: 300 },
  );
  expect([...ends].toSorted()).toEqual([
    'CANCELLED REFUNDED',
    'DELIVERED PAID',
    'ON_HOLD PAID',
    'PARTIALLY_SHIPPING PAID',
  ]);
});

test('of buyer and shop who cancel at once and happen to use one key, one is told that it was done already', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const all = world(scheduler, []);
      const both = Promise.all([all.cancel('a', 'BUYER', 'key'), all.cancel('a', 'SHOP', 'key')]);
      await scheduler.waitIdle();

      const outcomes = await both;

      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
      expect(outcomes).toContainEqual({ ok: false, refusal: 'ALREADY_CANCELLED' });
    }),
  );
});

test('an order that is cut off by a refusal of the provider stays as it was, and says so', async () => {
  const order = placed('a', 1_000n);
  const cancellation = {
    reason: 'OTHER',
    by: 'BUYER',
    cancelledAt: NOW,
    idempotencyKey: null,
    refundedAt: null,
  } as const;
  const cancelled = next(order, { type: 'CANCELLED', cancellation });
  const saved: Order[] = [];
  const refund = refundOrder({
    orders: {
      findMany: async () => (cancelled ? [cancelled] : []),
      save: async (one) => saved.push(one) > 0,
    },
    providers: [
      {
        name: 'memory',
        isTest: true,
        methods: [],
        authorise: async () => refuse('VOIDED'),
        voidByKey: async () => {},
        capture: async () => {},
        refund: async () => refuse('EXCEEDS_PAYMENT'),
      },
    ],
    clock: () => NOW,
    crash: () => {},
  });

  await expect(refund('a')).rejects.toThrow('memory refused to refund a: EXCEEDS_PAYMENT');

  expect(saved).toEqual([]);
});
