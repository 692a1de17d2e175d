import { MINUTE, plus } from '@vitrine/kernel/clock';
import { money } from '@vitrine/kernel/money';
import { accept, refuse } from '@vitrine/kernel/outcome';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PaymentProvider } from '../payments/payment-provider.ts';
import { advanceCheckout } from './advance-checkout.ts';
import { type Checkout, type CheckoutEvent, isOpen, isRefused, next } from './checkout.ts';

const START = new Date('2026-03-01T12:00:00Z');

const started = (methodId: string): Checkout => ({
  id: 'chk_1',
  buyerId: 'usr_1',
  cartId: 'crt_1',
  market: 'DE',
  idempotencyKey: 'key',
  request: '',
  total: money(1_990n, 'EUR'),
  orders: [],
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
  payment: { provider: 'memory', methodId },
  startedAt: START,
  progress: { state: 'RESERVING', answerBy: plus(START, 2 * MINUTE) },
  version: 1,
});

class Killed extends Error {}

/** A world in memory in which every call may be overtaken by any other, and any process may die. */
function world(methodId: string, scheduler: fc.Scheduler, deaths: readonly boolean[]) {
  let stored = started(methodId);
  let now = START;
  let ordersMade = 0;
  let captures = 0;
  let abandoned = 0;
  let payment: 'NONE' | 'AUTHORISED' | 'DECLINED' | 'VOIDED' | 'CAPTURED' = 'NONE';
  const due = [...deaths];
  let isCrashing = true;
  const overtakable = <Result>(work: () => Result): Promise<Result> =>
    scheduler.schedule(Promise.resolve()).then(work);

  const provider: PaymentProvider = {
    name: 'memory',
    isTest: true,
    methods: [],
    authorise: () =>
      overtakable(() => {
        if (payment === 'NONE') payment = methodId === 'declined' ? 'DECLINED' : 'AUTHORISED';
        return payment === 'DECLINED' || payment === 'VOIDED'
          ? refuse(payment)
          : accept({ paymentId: 'pay_1' });
      }),
    capture: () =>
      overtakable(() => {
        if (ordersMade === 0) throw new Error('captured without an order');
        if (payment === 'VOIDED') throw new Error('captured what was given up');
        if (payment === 'AUTHORISED') captures += 1;
        payment = 'CAPTURED';
      }),
    voidByKey: () =>
      overtakable(() => {
        if (payment === 'NONE' || payment === 'AUTHORISED') payment = 'VOIDED';
      }),
    refund: async () => accept(null),
  };

  const apply = (from: Checkout, event: CheckoutEvent): Checkout | null => {
    const progress = next(from.progress, event);
    if (!progress || stored.version !== from.version) return null;
    stored = { ...from, progress, version: from.version + 1 };
    if (event.type === 'ORDERS_PLACED') ordersMade += 1;
    if (progress.state === 'ABANDONING' || isRefused(progress)) abandoned += 1;
    return stored;
  };

  const advance = advanceCheckout({
    checkouts: {
      find: () => overtakable(() => stored),
      apply: (from, event) => overtakable(() => apply(from, event)),
    },
    providers: [provider],
    clock: () => now,
    crash: () => {
      if (isCrashing && due.shift()) throw new Killed();
    },
  });

  return {
    hear: (event: CheckoutEvent) => apply(stored, event),
    /** A process takes the checkout up, and may be killed on its way. */
    work: () =>
      advance('chk_1').catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      }),
    wait: (ms: number) => {
      now = plus(now, ms);
    },
    calm: () => {
      isCrashing = false;
    },
    state: () => ({ checkout: stored, ordersMade, captures, abandoned, payment }),
  };
}

type Happening = 'RESERVED' | 'REFUSED' | 'WORK' | 'WAIT';

test('whatever happens in whatever order, a checkout ends charged once with orders, or with nothing held', async () => {
  const ends = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.constantFrom('ok', 'ok', 'declined'),
      fc.array(
        fc.constantFrom<Happening[]>('RESERVED', 'RESERVED', 'REFUSED', 'WORK', 'WORK', 'WAIT'),
        { maxLength: 12 },
      ),
      fc.array(fc.boolean(), { maxLength: 4 }),
      async (scheduler, methodId, happenings, deaths) => {
        const { hear, work, wait, calm, state } = world(methodId, scheduler, deaths);
        const working: Promise<void>[] = [];
        for (const happening of happenings) {
          if (happening === 'RESERVED') {
            const expiresAt = plus(START, 15 * MINUTE);
            hear({ type: 'STOCK_RESERVED', reservationId: 'rsv_1', expiresAt });
          }
          if (happening === 'REFUSED') hear({ type: 'STOCK_REFUSED', shortages: [] });
          if (happening === 'WAIT') wait(7 * MINUTE);
          if (happening === 'WORK') working.push(work());
          if (scheduler.count() > 0) await scheduler.waitNext(1);
        }
        await scheduler.waitIdle();
        await Promise.all(working);
        // The timers take up what the killed left behind.
        calm();
        wait(60 * MINUTE);
        const last = work();
        await scheduler.waitIdle();
        await last;

        const { checkout, ordersMade, captures, abandoned, payment } = state();
        ends.add(checkout.progress.state);
        expect(isOpen(checkout.progress)).toBe(false);
        if (checkout.progress.state === 'COMPLETED') {
          expect({ ordersMade, captures, abandoned, payment }).toEqual({
            ordersMade: 1,
            captures: 1,
            abandoned: 0,
            payment: 'CAPTURED',
          });
        } else {
          expect({ ordersMade, captures }).toEqual({ ordersMade: 0, captures: 0 });
          expect(['NONE', 'DECLINED', 'VOIDED']).toContain(payment);
          expect(abandoned).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 300 },
  );
  // The generator reaches every end, so that none of the above holds for want of trying.
  expect([...ends].toSorted()).toEqual(['COMPLETED', 'DECLINED', 'EXPIRED', 'OUT_OF_STOCK']);
});

test('a payment goes on with the provider it was begun with, or fails loudly', async () => {
  const advance = advanceCheckout({
    checkouts: {
      find: async () => ({ ...started('ok'), payment: { provider: 'gone', methodId: 'ok' } }),
      apply: async () => null,
    },
    providers: [],
    clock: () => START,
    crash: () => {},
  });

  await expect(advance('chk_1')).rejects.toThrow('no payment provider is called gone');
});
