import type { SourceValue } from '@vitrine/events/fact';
import { type BasisPoints, shareOf } from '@vitrine/kernel/basis-points';
import { invariant } from '@vitrine/kernel/outcome';

/** One unit sold through content. */
export interface Sale {
  readonly orderLineId: string;
  readonly orderId: string;
  readonly shopId: string;
  readonly productId: string;
  readonly buyerId: string;
  readonly source: SourceValue;
  readonly soldAt: Date;
  readonly currencyCode: string;
  /** What the buyer paid. */
  readonly baseMinor: bigint;
}

/** Money given back on an order line. */
export interface Refund {
  /** Of the fact that told; a refund counts once. */
  readonly eventId: string;
  readonly minor: bigint;
}

/** Under which terms a sale was made: fixed then, whatever happens to them later. */
export interface Terms {
  readonly creatorId: string;
  readonly creatorUserId: string;
  readonly collaborationId: string;
  readonly rateBps: BasisPoints;
}

export type CommissionState = 'ACCRUED' | 'REVERSED' | 'REJECTED';

/** What a creator earns for one unit. */
export interface Commission extends Sale, Omit<Terms, 'creatorUserId'> {
  readonly id: string;
  readonly state: CommissionState;
  readonly rejection: 'SELF_PURCHASE' | null;
  readonly refunds: readonly Refund[];
  readonly refundedMinor: bigint;
  readonly amountMinor: bigint;
}

/** Sum of what was given back, at most the base: shipping given back too earns nobody less. */
export function refundedOf(refunds: readonly Refund[], baseMinor: bigint): bigint {
  const once = new Map(refunds.map(({ eventId, minor }) => [eventId, minor]));
  const sum = [...once.values()].reduce((a, b) => a + b, 0n);
  invariant(sum >= 0n, 'a refund is not negative');
  return sum < baseMinor ? sum : baseMinor;
}

/** Rounded down once, on what is left of the base, so that no order of refunds changes the result. */
export const amountOf = (baseMinor: bigint, refundedMinor: bigint, rateBps: BasisPoints): bigint =>
  shareOf(baseMinor - refundedMinor, rateBps);

/** The commission on a sale, with the refunds that are known already. */
export function accrue(
  id: string,
  sale: Sale,
  { creatorUserId, ...terms }: Terms,
  refunds: readonly Refund[],
): Commission {
  const isOwn = creatorUserId === sale.buyerId;
  const accrued: Commission = {
    ...sale,
    ...terms,
    id,
    state: isOwn ? 'REJECTED' : 'ACCRUED',
    rejection: isOwn ? 'SELF_PURCHASE' : null,
    refunds: [],
    refundedMinor: 0n,
    amountMinor: isOwn ? 0n : amountOf(sale.baseMinor, 0n, terms.rateBps),
  };
  return refunds.reduce(refund, accrued);
}

/** Takes a refund into account, once. What is rejected stays so and earns nothing. */
export function refund(commission: Commission, given: Refund): Commission {
  if (commission.refunds.some(({ eventId }) => eventId === given.eventId)) return commission;
  const refunds = [...commission.refunds, given];
  const { baseMinor, rateBps } = commission;
  const refundedMinor = refundedOf(refunds, baseMinor);
  if (commission.state === 'REJECTED') return { ...commission, refunds, refundedMinor };
  return {
    ...commission,
    refunds,
    refundedMinor,
    state: refundedMinor === baseMinor ? 'REVERSED' : 'ACCRUED',
    amountMinor: amountOf(baseMinor, refundedMinor, rateBps),
  };
}
