import type { SourceValue } from '@vitrine/events/fact';
import { MINUTE, plus, SECOND } from '@vitrine/kernel/clock';
import type { Money } from '@vitrine/kernel/money';
import type { Address } from '../addresses/address.ts';

/** Units of one variant as they will be ordered; ids are made beforehand, so that a repeated step makes the same lines. */
export interface PlannedLine {
  readonly variantId: string;
  readonly productId: string;
  readonly sku: string;
  readonly title: string;
  readonly unitPrice: Money;
  readonly source: SourceValue | null;
  /** One per unit. */
  readonly orderLineIds: readonly string[];
}

/** One shop's order to be. */
export interface PlannedOrder {
  readonly orderId: string;
  readonly shopId: string;
  readonly lines: readonly PlannedLine[];
  readonly shipping: { readonly optionId: string; readonly name: string; readonly price: Money };
  readonly total: Money;
}

export interface Shortage {
  readonly variantId: string;
  readonly requested: number;
  readonly available: number;
}

interface Reservation {
  readonly reservationId: string;
  /** From then on logistics may give the stock to others. */
  readonly expiresAt: Date;
}

/** How far a checkout is. Every state is stored before the work it names is begun. */
export type Progress =
  /** Logistics was asked for the stock and has not answered. */
  | { readonly state: 'RESERVING'; readonly answerBy: Date }
  /** The stock is ours for a while; the payment provider is being asked. */
  | ({ readonly state: 'AUTHORISING' } & Reservation)
  /** The amount is held; the orders are being made. */
  | ({ readonly state: 'PLACING'; readonly paymentId: string } & Reservation)
  /** The orders are firm; the payment is being taken. There is no way back from here. */
  | { readonly state: 'CAPTURING'; readonly paymentId: string }
  | { readonly state: 'COMPLETED'; readonly paymentId: string }
  /** Too late: the stock is let go, and the payment is being given up. */
  | { readonly state: 'ABANDONING' }
  | { readonly state: 'OUT_OF_STOCK'; readonly shortages: readonly Shortage[] }
  | { readonly state: 'DECLINED' }
  | { readonly state: 'EXPIRED' };

export type ProgressState = Progress['state'];

/** What can happen to a checkout. */
export type CheckoutEvent =
  | ({ readonly type: 'STOCK_RESERVED' } & Reservation)
  | { readonly type: 'STOCK_REFUSED'; readonly shortages: readonly Shortage[] }
  | { readonly type: 'PAYMENT_AUTHORISED'; readonly paymentId: string }
  | { readonly type: 'PAYMENT_DECLINED' }
  | { readonly type: 'ORDERS_PLACED' }
  | { readonly type: 'PAYMENT_CAPTURED' }
  | { readonly type: 'TIME_RAN_OUT' }
  | { readonly type: 'PAYMENT_VOIDED' };

/** A cart on its way to becoming orders. */
export interface Checkout {
  readonly id: string;
  readonly buyerId: string;
  readonly cartId: string;
  readonly market: string;
  readonly idempotencyKey: string;
  /** What the client asked for, canonically; a key is good for one of them. */
  readonly request: string;
  /** What is charged: the sum of the orders' totals. */
  readonly total: Money;
  readonly orders: readonly PlannedOrder[];
  readonly address: Address;
  readonly payment: { readonly provider: string; readonly methodId: string };
  readonly startedAt: Date;
  readonly progress: Progress;
  readonly version: number;
}

/** Logistics answers in milliseconds; a checkout that hears nothing for so long lets its buyer go. */
export const ANSWER_WITHIN = 2 * MINUTE;

/**
 * Orders are placed only while the reservation lives for this much longer, so that the fact of it
 * reaches logistics, which then keeps the stock for good, before the reservation ends.
 */
export const RESERVATION_MARGIN = MINUTE;

/** A checkout that stood still for so long is taken up again: its worker was killed, or its job lost. */
export const RESUME_AFTER = 5 * SECOND;

type Transitions = {
  readonly [State in ProgressState]: {
    readonly [Type in CheckoutEvent['type']]?: (
      from: Extract<Progress, { state: State }>,
      event: Extract<CheckoutEvent, { type: Type }>,
    ) => Progress;
  };
};

const abandoning = (): Progress => ({ state: 'ABANDONING' });

/** What leads where. An event without an entry came late or twice, and changes nothing. */
const transitions: Transitions = {
  RESERVING: {
    STOCK_RESERVED: (_from, { reservationId, expiresAt }) => ({
      state: 'AUTHORISING',
      reservationId,
      expiresAt,
    }),
    STOCK_REFUSED: (_from, { shortages }) => ({ state: 'OUT_OF_STOCK', shortages }),
    // No payment was asked for yet, so there is none to give up.
    TIME_RAN_OUT: () => ({ state: 'EXPIRED' }),
  },
  AUTHORISING: {
    PAYMENT_AUTHORISED: (from, { paymentId }) => ({ ...from, state: 'PLACING', paymentId }),
    PAYMENT_DECLINED: () => ({ state: 'DECLINED' }),
    TIME_RAN_OUT: abandoning,
  },
  PLACING: {
    ORDERS_PLACED: ({ paymentId }) => ({ state: 'CAPTURING', paymentId }),
    TIME_RAN_OUT: abandoning,
  },
  CAPTURING: {
    PAYMENT_CAPTURED: ({ paymentId }) => ({ state: 'COMPLETED', paymentId }),
  },
  ABANDONING: { PAYMENT_VOIDED: () => ({ state: 'EXPIRED' }) },
  COMPLETED: {},
  OUT_OF_STOCK: {},
  DECLINED: {},
  EXPIRED: {},
};

/** Where an event leads, or null where it changes nothing. */
export function next(from: Progress, event: CheckoutEvent): Progress | null {
  const transition = transitions[from.state][event.type] as
    // The table pairs each state and event with a function of exactly those two.
    ((from: Progress, event: CheckoutEvent) => Progress) | undefined;
  return transition?.(from, event) ?? null;
}

const OPEN = ['RESERVING', 'AUTHORISING', 'PLACING', 'CAPTURING', 'ABANDONING'] as const;

/** Still under way: it will move on by itself. */
export const isOpen = ({ state }: Progress): boolean =>
  (OPEN as readonly ProgressState[]).includes(state);

/** Ended with nothing ordered, nothing held and nothing charged. */
export const isRefused = ({ state }: Progress): boolean =>
  state === 'OUT_OF_STOCK' || state === 'DECLINED' || state === 'EXPIRED';

/** When it must have moved on, or else it is given up; null from where there is no giving up. */
export function mustMoveBy(progress: Progress): Date | null {
  switch (progress.state) {
    case 'RESERVING':
      return progress.answerBy;
    case 'AUTHORISING':
    case 'PLACING':
      return plus(progress.expiresAt, -RESERVATION_MARGIN);
    default:
      return null;
  }
}

export function isOverdue(progress: Progress, now: Date): boolean {
  const by = mustMoveBy(progress);
  return by !== null && by <= now;
}

/** When somebody must look at it again, should nothing move it; null once it has ended. */
export function lookAgainAt(progress: Progress, now: Date): Date | null {
  if (!isOpen(progress)) return null;
  const by = mustMoveBy(progress);
  // While logistics has the word there is nothing to resume.
  if (progress.state === 'RESERVING' && by) return by;
  const resume = plus(now, RESUME_AFTER);
  return by && by < resume ? by : resume;
}
