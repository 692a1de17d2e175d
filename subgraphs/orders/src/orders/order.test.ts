import { DAY, HOUR, plus } from '@vitrine/kernel/clock';
import { money, sum } from '@vitrine/kernel/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  breakdownOf,
  type Cancellation,
  cancel,
  deadlineOf,
  next,
  type Order,
  type OrderEvent,
  orderNumber,
  paymentStateOf,
} from './order.ts';

const placedAt = new Date('2026-03-01T12:00:00Z');

const line = (id: string, variantId: string, minor: bigint): Order['lines'][number] => ({
  id,
  productId: `prd_${variantId}`,
  variantId,
  sku: variantId,
  title: `Thing ${variantId}`,
  price: money(minor, 'EUR'),
  source: null,
  state: 'PENDING',
});

const placed: Order = {
  id: 'ord_01JNYZ8V4D0000000000000001',
  number: 'DE-260301-00000001',
  checkoutId: 'chk_1',
  buyerId: 'usr_1',
  shopId: 'shp_1',
  market: 'DE',
  lines: [line('oln_1', 'a', 1_000n), line('oln_2', 'a', 1_000n), line('oln_3', 'b', 250n)],
  shipping: { optionId: 'standard', name: 'Standard', price: money(399n, 'EUR') },
  total: money(2_649n, 'EUR'),
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
  payment: { provider: 'sandbox', paymentId: 'pay_1' },
  placedAt,
  cancelAt: plus(placedAt, 7 * DAY),
  fulfilment: { state: 'ON_HOLD', releaseAt: plus(placedAt, HOUR) },
  version: 1,
};

const cancellation: Cancellation = {
  reason: 'CHANGED_MIND',
  by: 'BUYER',
  cancelledAt: placedAt,
  idempotencyKey: 'key',
  refundedAt: null,
};

const applied = (order: Order, ...events: OrderEvent[]): Order =>
  events.reduce((now, event) => next(now, event) ?? now, order);

const ship = (...lineIds: string[]): OrderEvent => ({ type: 'LINES_SHIPPED', lineIds });
const deliver = (...lineIds: string[]): OrderEvent => ({ type: 'LINES_DELIVERED', lineIds });
const all = ['oln_1', 'oln_2', 'oln_3'];

describe('a parcel', () => {
  test.for([
    ['PARTIALLY_SHIPPING', [ship('oln_1')]],
    ['PARTIALLY_SHIPPING', [deliver('oln_1', 'oln_2')]],
    ['IN_TRANSIT', [ship('oln_1', 'oln_2'), ship('oln_3')]],
    ['IN_TRANSIT', [ship(...all), deliver('oln_1')]],
    ['DELIVERED', [ship(...all), deliver(...all)]],
    ['DELIVERED', [deliver(...all), ship(...all)]],
  ] as const)('leaves the order %s', ([state, events]) => {
    expect(applied(placed, ...events).fulfilment.state).toBe(state);
  });

  test('with lines of another order changes nothing', () => {
    expect(next(placed, ship('oln_9'))).toBeNull();
  });

  test('does not revive a cancelled order', () => {
    expect(next(applied(placed, { type: 'CANCELLED', cancellation }), ship('oln_1'))).toBeNull();
  });
});

describe('cancelling', () => {
  test('is possible on hold and while the shop has not sent anything', () => {
    const released = applied(placed, { type: 'HOLD_ENDED' });

    expect(cancel(placed, cancellation).ok).toBe(true);
    expect(cancel(released, cancellation).ok).toBe(true);
  });

  test.for([
    ['ALREADY_SHIPPED', [ship('oln_1')]],
    ['ALREADY_SHIPPED', [deliver(...all)]],
    ['ALREADY_CANCELLED', [{ type: 'CANCELLED', cancellation }]],
  ] as const)('is refused with %s', ([refusal, events]) => {
    expect(cancel(applied(placed, ...events), cancellation)).toEqual({ ok: false, refusal });
  });

  test('an order reads as paid until it is cancelled, and as refunded only when it is', () => {
    const cancelled = applied(placed, { type: 'CANCELLED', cancellation });
    const refunded = applied(cancelled, { type: 'REFUNDED', at: placedAt });

    expect([placed, cancelled, refunded].map(paymentStateOf)).toEqual([
      'PAID',
      'REFUNDING',
      'REFUNDED',
    ]);
    expect(next(refunded, { type: 'REFUNDED', at: placedAt })).toBeNull();
  });
});

test('deadlines follow the state: released to the shop, cancelled when not sent, then none', () => {
  const released = applied(placed, { type: 'HOLD_ENDED' });

  expect(deadlineOf(placed)).toEqual({ at: plus(placedAt, HOUR), action: 'RELEASE_TO_SHOP' });
  expect(deadlineOf(released)).toEqual({ at: plus(placedAt, 7 * DAY), action: 'CANCEL' });
  expect(deadlineOf(applied(released, ship('oln_1')))).toBeNull();
});

const events: fc.Arbitrary<OrderEvent> = fc.oneof(
  fc.constant<OrderEvent>({ type: 'HOLD_ENDED' }),
  fc.constant<OrderEvent>({ type: 'CANCELLED', cancellation }),
  fc.constant<OrderEvent>({ type: 'REFUNDED', at: placedAt }),
  fc.subarray(all).map((lineIds): OrderEvent => ({ type: 'LINES_SHIPPED', lineIds })),
  fc.subarray(all).map((lineIds): OrderEvent => ({ type: 'LINES_DELIVERED', lineIds })),
);

test('in any order of events nothing that left is ever cancelled, and no line goes back', () => {
  const rank = { PENDING: 0, SHIPPED: 1, DELIVERED: 2 };
  fc.assert(
    fc.property(fc.array(events, { maxLength: 12 }), (happened) => {
      let order = placed;
      for (const event of happened) {
        const now = next(order, event);
        if (!now) continue;
        expect(now.version).toBe(order.version + 1);
        now.lines.forEach(({ state }, at) => {
          expect(rank[state]).toBeGreaterThanOrEqual(rank[order.lines[at]?.state ?? 'PENDING']);
        });
        order = now;
      }
      if (order.fulfilment.state === 'CANCELLED') {
        expect(order.lines.every(({ state }) => state === 'PENDING')).toBe(true);
      }
      expect(
        sum(
          breakdownOf(order).map(({ amount }) => amount),
          'EUR',
        ),
      ).toEqual(order.total);
    }),
  );
});

test('the breakdown names each variant once, with its count, and the shipping', () => {
  expect(breakdownOf(placed).map(({ label, amount }) => [label, amount.minor])).toEqual([
    ['2 × Thing a', 2_000n],
    ['Thing b', 250n],
    ['Standard', 399n],
  ]);
});

test('a number is made of market, day and the random end of the id', () => {
  expect(orderNumber('ord_01JNYZ8V4D000000007K3M9QXA', 'ID', placedAt)).toBe('ID-260301-7K3M9QXA');
});
