import { shareOf } from '@vitrine/kernel/basis-points';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accrue,
  type Commission,
  type Refund,
  refund,
  type Sale,
  type Terms,
} from './commission.ts';

const sale: Sale = {
  orderLineId: 'oln_1',
  orderId: 'ord_1',
  shopId: 'shp_1',
  productId: 'prd_1',
  buyerId: 'usr_buyer',
  source: { kind: 'VIDEO', id: 'vid_1' },
  soldAt: new Date('2026-03-01T00:00:00Z'),
  currencyCode: 'EUR',
  baseMinor: 1_999n,
};
const terms: Terms = {
  creatorId: 'cre_1',
  creatorUserId: 'usr_creator',
  collaborationId: 'col_1',
  rateBps: 1_500,
};
const given = (eventId: string, minor: bigint): Refund => ({ eventId, minor });

describe('a sale', () => {
  test('accrues its share, rounded down to the minor unit', () => {
    expect(accrue('com_1', sale, terms, [])).toMatchObject({
      state: 'ACCRUED',
      amountMinor: 299n,
      rateBps: 1_500,
    });
  });

  test('to the creator themselves is rejected and earns nothing', () => {
    const own = accrue('com_1', { ...sale, buyerId: 'usr_creator' }, terms, []);

    expect(own).toMatchObject({ state: 'REJECTED', rejection: 'SELF_PURCHASE', amountMinor: 0n });
  });

  test('that was refunded before it became known is reversed from the start', () => {
    expect(accrue('com_1', sale, terms, [given('evt_1', 1_999n)])).toMatchObject({
      state: 'REVERSED',
      amountMinor: 0n,
      refundedMinor: 1_999n,
    });
  });
});

describe('a refund', () => {
  const accrued = accrue('com_1', sale, terms, []);

  test('in part reverses in proportion', () => {
    expect(refund(accrued, given('evt_1', 999n))).toMatchObject({
      state: 'ACCRUED',
      amountMinor: 150n,
    });
  });

  test('in full leaves nothing', () => {
    expect(refund(accrued, given('evt_1', 1_999n))).toMatchObject({
      state: 'REVERSED',
      amountMinor: 0n,
    });
  });

  test('told twice counts once', () => {
    const once = refund(accrued, given('evt_1', 999n));

    expect(refund(once, given('evt_1', 999n))).toEqual(once);
  });

  test('beyond what was paid, as for shipping, takes no more than all', () => {
    expect(refund(accrued, given('evt_1', 5_000n))).toMatchObject({
      refundedMinor: 1_999n,
      amountMinor: 0n,
    });
  });

  test('of a rejected sale changes neither state nor amount', () => {
    const own = accrue('com_1', { ...sale, buyerId: 'usr_creator' }, terms, []);

    expect(refund(own, given('evt_1', 1_999n))).toMatchObject({
      state: 'REJECTED',
      amountMinor: 0n,
      refundedMinor: 1_999n,
    });
  });
});

describe('for any price, rate and refunds', () => {
  const anySale = fc
    .bigInt({ min: 0n, max: 2n ** 63n - 1n })
    .map((baseMinor) => ({ ...sale, baseMinor }));
  const anyTerms = fc.integer({ min: 100, max: 8_000 }).map((rateBps) => ({ ...terms, rateBps }));
  const anyRefunds = fc
    .array(fc.bigInt({ min: 0n, max: 2n ** 62n }), { maxLength: 5 })
    .map((minors) => minors.map((minor, index) => given(`evt_${index}`, minor)));

  test('the amount lies between nothing and the whole share', () => {
    fc.assert(
      fc.property(anySale, anyTerms, anyRefunds, (sold, agreed, refunds) => {
        const { amountMinor } = accrue('com_1', sold, agreed, refunds);
        expect(amountMinor >= 0n).toBe(true);
        expect(amountMinor <= shareOf(sold.baseMinor, agreed.rateBps)).toBe(true);
      }),
    );
  });

  test('the order of refunds, and whether the sale came before them, does not matter', () => {
    fc.assert(
      fc.property(anySale, anyTerms, anyRefunds, (sold, agreed, refunds) => {
        const result = ({ state, amountMinor, refundedMinor }: Commission) => ({
          state,
          amountMinor,
          refundedMinor,
        });
        const before = accrue('com_1', sold, agreed, refunds);
        const after = refunds.toReversed().reduce(refund, accrue('com_1', sold, agreed, []));
        expect(result(after)).toEqual(result(before));
      }),
    );
  });

  test('no further refund ever raises the amount', () => {
    fc.assert(
      fc.property(anySale, anyTerms, anyRefunds, (sold, agreed, refunds) => {
        let commission = accrue('com_1', sold, agreed, []);
        for (const next of refunds) {
          const lower = refund(commission, next);
          expect(lower.amountMinor <= commission.amountMinor).toBe(true);
          commission = lower;
        }
      }),
    );
  });
});
