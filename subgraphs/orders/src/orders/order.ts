import type { SourceValue } from '@vitrine/events/fact';
import { DAY, MINUTE, plus } from '@vitrine/kernel/clock';
import type { Money } from '@vitrine/kernel/money';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Address } from '../addresses/address.ts';

export type LineState = 'PENDING' | 'SHIPPED' | 'DELIVERED';

/** One unit. */
export interface OrderLine {
  readonly id: string;
  readonly productId: string;
  readonly variantId: string;
  readonly sku: string;
  readonly title: string;
  /** What the buyer paid for it. */
  readonly price: Money;
  readonly source: SourceValue | null;
  readonly state: LineState;
}

export const buyerReasons = [
  'CHANGED_MIND',
  'ORDERED_BY_MISTAKE',
  'BETTER_PRICE',
  'OUT_OF_STOCK',
  'UNDELIVERABLE',
  'OTHER',
] as const;
export type CancelReason = (typeof buyerReasons)[number] | 'NOT_SHIPPED_IN_TIME';
export type Canceller = 'BUYER' | 'SHOP' | 'SYSTEM';

export interface Cancellation {
  readonly reason: CancelReason;
  readonly by: Canceller;
  readonly cancelledAt: Date;
  /** The key that asked for it, so that its caller is answered again after a crash; null by deadline. */
  readonly idempotencyKey: string | null;
  /** When the provider had paid it back. */
  readonly refundedAt: Date | null;
}

/** How far an order is. An order is made paid, so there is no UNPAID here. */
export type Fulfilment =
  | { readonly state: 'ON_HOLD'; readonly releaseAt: Date }
  | { readonly state: 'AWAITING_SHIPMENT' }
  | { readonly state: 'PARTIALLY_SHIPPING' }
  | { readonly state: 'IN_TRANSIT' }
  | { readonly state: 'DELIVERED' }
  | { readonly state: 'CANCELLED'; readonly cancellation: Cancellation };

export type OrderState = Fulfilment['state'];

/** What one shop owes one buyer. */
export interface Order {
  readonly id: string;
  readonly number: string;
  readonly checkoutId: string;
  readonly buyerId: string;
  readonly shopId: string;
  readonly market: string;
  readonly lines: readonly OrderLine[];
  readonly shipping: { readonly optionId: string; readonly name: string; readonly price: Money };
  readonly total: Money;
  readonly address: Address;
  /** Where the money came from, and where alone a refund may go. */
  readonly payment: { readonly provider: string; readonly paymentId: string };
  readonly placedAt: Date;
  /** By then it must have been sent, or it is cancelled. */
  readonly cancelAt: Date;
  readonly fulfilment: Fulfilment;
  readonly version: number;
}

/**
 * For people to read out: market, day, and the last eight characters of the id's ULID, which are
 * random: `ID-260301-7K3M9QXA`. A unique index backs it.
 */
export const orderNumber = (id: string, market: string, placedAt: Date): string =>
  `${market}-${placedAt.toISOString().slice(2, 10).replaceAll('-', '')}-${id.slice(-8)}`;

/** Deadlines of an order placed now under the market's rules, stored so that later rules do not move them. */
export const deadlinesFrom = (
  placedAt: Date,
  rules: { readonly freeCancelMinutes: number; readonly autoCancelDays: number },
): { releaseAt: Date; cancelAt: Date } => ({
  releaseAt: plus(placedAt, rules.freeCancelMinutes * MINUTE),
  cancelAt: plus(placedAt, rules.autoCancelDays * DAY),
});

export type OrderEvent =
  | { readonly type: 'HOLD_ENDED' }
  | { readonly type: 'LINES_SHIPPED' | 'LINES_DELIVERED'; readonly lineIds: readonly string[] }
  | { readonly type: 'CANCELLED'; readonly cancellation: Cancellation }
  | { readonly type: 'REFUNDED'; readonly at: Date };

const accepted: Readonly<Record<OrderState, readonly OrderEvent['type'][]>> = {
  // A shop that sends early has sent it all the same.
  ON_HOLD: ['HOLD_ENDED', 'LINES_SHIPPED', 'LINES_DELIVERED', 'CANCELLED'],
  AWAITING_SHIPMENT: ['LINES_SHIPPED', 'LINES_DELIVERED', 'CANCELLED'],
  PARTIALLY_SHIPPING: ['LINES_SHIPPED', 'LINES_DELIVERED'],
  IN_TRANSIT: ['LINES_SHIPPED', 'LINES_DELIVERED'],
  DELIVERED: [],
  CANCELLED: ['REFUNDED'],
};

const RANK: Readonly<Record<LineState, number>> = { PENDING: 0, SHIPPED: 1, DELIVERED: 2 };

/** Lines only move forward, so that "delivered" that overtakes "shipped" stands. */
const moved = (
  lines: readonly OrderLine[],
  ids: readonly string[],
  to: LineState,
): readonly OrderLine[] =>
  lines.map((line) =>
    ids.includes(line.id) && RANK[line.state] < RANK[to] ? { ...line, state: to } : line,
  );

function fulfilmentOf(lines: readonly OrderLine[], from: Fulfilment): Fulfilment {
  if (lines.every(({ state }) => state === 'DELIVERED')) return { state: 'DELIVERED' };
  if (lines.every(({ state }) => state !== 'PENDING')) return { state: 'IN_TRANSIT' };
  if (lines.some(({ state }) => state !== 'PENDING')) return { state: 'PARTIALLY_SHIPPING' };
  return from;
}

/** The order after an event, or null where the event changes nothing. */
export function next(order: Order, event: OrderEvent): Order | null {
  if (!accepted[order.fulfilment.state].includes(event.type)) return null;
  const version = order.version + 1;
  switch (event.type) {
    case 'HOLD_ENDED':
      return { ...order, fulfilment: { state: 'AWAITING_SHIPMENT' }, version };
    case 'CANCELLED':
      return {
        ...order,
        fulfilment: { state: 'CANCELLED', cancellation: event.cancellation },
        version,
      };
    case 'LINES_SHIPPED':
    case 'LINES_DELIVERED': {
      const to = event.type === 'LINES_SHIPPED' ? 'SHIPPED' : 'DELIVERED';
      const lines = moved(order.lines, event.lineIds, to);
      if (lines.every((line, index) => line === order.lines[index])) return null;
      return { ...order, lines, fulfilment: fulfilmentOf(lines, order.fulfilment), version };
    }
    case 'REFUNDED': {
      const { fulfilment } = order;
      if (fulfilment.state !== 'CANCELLED' || fulfilment.cancellation.refundedAt) return null;
      const cancellation = { ...fulfilment.cancellation, refundedAt: event.at };
      return { ...order, fulfilment: { state: 'CANCELLED', cancellation }, version };
    }
    default:
      return event satisfies never;
  }
}

export interface Deadline {
  readonly at: Date;
  readonly action: 'RELEASE_TO_SHOP' | 'CANCEL';
}

/** What happens next by itself, and when. */
export function deadlineOf({ fulfilment, cancelAt }: Order): Deadline | null {
  switch (fulfilment.state) {
    case 'ON_HOLD':
      return { at: fulfilment.releaseAt, action: 'RELEASE_TO_SHOP' };
    case 'AWAITING_SHIPMENT':
      return { at: cancelAt, action: 'CANCEL' };
    default:
      return null;
  }
}

export type CancelRefusal = 'ALREADY_SHIPPED' | 'ALREADY_CANCELLED';

export function cancel(order: Order, cancellation: Cancellation): Outcome<Order, CancelRefusal> {
  const cancelled = next(order, { type: 'CANCELLED', cancellation });
  if (cancelled) return accept(cancelled);
  return refuse(order.fulfilment.state === 'CANCELLED' ? 'ALREADY_CANCELLED' : 'ALREADY_SHIPPED');
}

export interface PricePart {
  readonly kind: 'ITEMS' | 'SHIPPING';
  readonly label: string;
  readonly amount: Money;
}

/** The total in its parts: one per variant, and the shipping. */
export function breakdownOf({ lines, shipping, total }: Order): PricePart[] {
  const variants = [...Map.groupBy(lines, ({ variantId }) => variantId).values()];
  return [
    ...variants.flatMap((units): PricePart[] => {
      const [first] = units;
      if (!first) return [];
      const minor = units.reduce((whole, { price }) => whole + price.minor, 0n);
      const label = units.length === 1 ? first.title : `${units.length} × ${first.title}`;
      return [{ kind: 'ITEMS', label, amount: { ...total, minor } }];
    }),
    { kind: 'SHIPPING', label: shipping.name, amount: shipping.price },
  ];
}

export const paymentStateOf = ({ fulfilment }: Order): 'PAID' | 'REFUNDING' | 'REFUNDED' => {
  if (fulfilment.state !== 'CANCELLED') return 'PAID';
  return fulfilment.cancellation.refundedAt ? 'REFUNDED' : 'REFUNDING';
};

/** A line together with the order that holds it. */
export interface LineOfOrder {
  /** The line's. */
  readonly id: string;
  readonly order: Order;
  readonly line: OrderLine;
}

/** Its buyer and the staff of its shop may see an order. */
export const maySee = (
  order: Pick<Order, 'buyerId' | 'shopId'>,
  viewer: {
    readonly userId: string;
    readonly memberships: readonly { readonly shopId: string }[];
  } | null,
): boolean =>
  viewer !== null &&
  (viewer.userId === order.buyerId ||
    viewer.memberships.some(({ shopId }) => shopId === order.shopId));
