import { MINUTE, plus } from '@vitrine/kernel/clock';
import { describe, expect, test } from 'vitest';
import {
  type CheckoutEvent,
  isOpen,
  isOverdue,
  isRefused,
  lookAgainAt,
  next,
  type Progress,
  RESUME_AFTER,
} from './checkout.ts';

const now = new Date('2026-03-01T12:00:00Z');
const reservation = { reservationId: 'rsv_1', expiresAt: plus(now, 15 * MINUTE) };

const states: readonly Progress[] = [
  { state: 'RESERVING', answerBy: plus(now, 2 * MINUTE) },
  { state: 'AUTHORISING', ...reservation },
  { state: 'PLACING', ...reservation, paymentId: 'pay_1' },
  { state: 'CAPTURING', paymentId: 'pay_1' },
  { state: 'COMPLETED', paymentId: 'pay_1' },
  { state: 'ABANDONING' },
  { state: 'OUT_OF_STOCK', shortages: [] },
  { state: 'DECLINED' },
  { state: 'EXPIRED' },
];

const events: readonly CheckoutEvent[] = [
  { type: 'STOCK_RESERVED', ...reservation },
  { type: 'STOCK_REFUSED', shortages: [] },
  { type: 'PAYMENT_AUTHORISED', paymentId: 'pay_1' },
  { type: 'PAYMENT_DECLINED' },
  { type: 'ORDERS_PLACED' },
  { type: 'PAYMENT_CAPTURED' },
  { type: 'TIME_RAN_OUT' },
  { type: 'PAYMENT_VOIDED' },
];

test('these and no other transitions exist', () => {
  const table = states.flatMap((from) =>
    events.flatMap((event) => {
      const to = next(from, event);
      return to ? [`${from.state} ${event.type} ${to.state}`] : [];
    }),
  );

  expect(table).toEqual([
    'RESERVING STOCK_RESERVED AUTHORISING',
    'RESERVING STOCK_REFUSED OUT_OF_STOCK',
    'RESERVING TIME_RAN_OUT EXPIRED',
    'AUTHORISING PAYMENT_AUTHORISED PLACING',
    'AUTHORISING PAYMENT_DECLINED DECLINED',
    'AUTHORISING TIME_RAN_OUT ABANDONING',
    'PLACING ORDERS_PLACED CAPTURING',
    'PLACING TIME_RAN_OUT ABANDONING',
    'CAPTURING PAYMENT_CAPTURED COMPLETED',
    'ABANDONING PAYMENT_VOIDED EXPIRED',
  ]);
});

describe('time', () => {
  test('an open checkout always has a moment at which it is looked at again, an ended one never', () => {
    for (const progress of states) {
      expect(lookAgainAt(progress, now) !== null, progress.state).toBe(isOpen(progress));
      expect(isOpen(progress) && isRefused(progress)).toBe(false);
    }
  });

  test('a payment that stands still is resumed soon, and not after its stock is gone', () => {
    const authorising: Progress = { state: 'AUTHORISING', ...reservation };
    const late = plus(reservation.expiresAt, -MINUTE - 1);

    expect(lookAgainAt(authorising, now)).toEqual(plus(now, RESUME_AFTER));
    expect(lookAgainAt(authorising, late)).toEqual(plus(reservation.expiresAt, -MINUTE));
  });

  test('no order is placed in the last minute of a reservation', () => {
    const placing: Progress = { state: 'PLACING', ...reservation, paymentId: 'pay_1' };

    expect(isOverdue(placing, plus(reservation.expiresAt, -MINUTE - 1))).toBe(false);
    expect(isOverdue(placing, plus(reservation.expiresAt, -MINUTE))).toBe(true);
  });

  test('once the orders are firm there is no giving up', () => {
    const capturing: Progress = { state: 'CAPTURING', paymentId: 'pay_1' };

    expect(isOverdue(capturing, plus(now, 60 * 24 * 60 * MINUTE))).toBe(false);
  });
});
