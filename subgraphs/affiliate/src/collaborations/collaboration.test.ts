import { DAY, plus } from '@vitrine/kernel/clock';
import { describe, expect, test } from 'vitest';
import {
  type Collaboration,
  changeRate,
  close,
  isOpen,
  MOST_RATES,
  offeredBps,
  partnerBps,
} from './collaboration.ts';
import { termsProblems } from './open-collaboration.ts';

const now = new Date('2026-03-01T00:00:00Z');
const open: Collaboration = {
  id: 'col_1',
  shopId: 'shp_1',
  productId: 'prd_1',
  rates: [{ bps: 1_500, from: plus(now, -10 * DAY) }],
  closesAt: null,
  version: 1,
  createdAt: plus(now, -10 * DAY),
};
const partnership = { collaborationId: 'col_1', creatorId: 'cre_1', joinedAt: plus(now, -DAY) };

const accepted = (outcome: ReturnType<typeof changeRate>): Collaboration => {
  if (!outcome.ok) throw new Error(outcome.refusal);
  return outcome.value;
};

describe('changing the rate', () => {
  test('offers the new one at once and raises the version', () => {
    const changed = accepted(changeRate(open, 1_000, now));

    expect(offeredBps(changed, now)).toBe(1_000);
    expect(changed.version).toBe(2);
  });

  test('leaves a cut to partners until the notice is over', () => {
    const joined = { collaboration: accepted(changeRate(open, 1_000, now)), partnership };

    expect(partnerBps(joined, plus(now, 29 * DAY))).toBe(1_500);
    expect(partnerBps(joined, plus(now, 30 * DAY))).toBe(1_000);
  });

  test('keeps the order of rates when a clock runs behind', () => {
    const ahead = { ...open, rates: [{ bps: 1_500, from: plus(now, 50) }] };

    const changed = accepted(changeRate(ahead, 1_600, now));

    expect(changed.rates.map(({ bps }) => bps)).toEqual([1_500, 1_600]);
  });

  test('is refused when nothing changes', () => {
    expect(changeRate(open, 1_500, now)).toEqual({ ok: false, refusal: 'UNCHANGED' });
  });

  test('is refused when the collaboration has ended', () => {
    expect(changeRate({ ...open, closesAt: now }, 2_000, now)).toEqual({
      ok: false,
      refusal: 'CLOSED',
    });
  });

  test('is refused when it is done over and over', () => {
    let collaboration = open;
    for (let change = 1; change < MOST_RATES; change += 1) {
      collaboration = accepted(changeRate(collaboration, 1_500 + change, plus(now, change)));
    }

    expect(changeRate(collaboration, 3_000, plus(now, DAY))).toEqual({
      ok: false,
      refusal: 'TOO_MANY_CHANGES',
    });
  });
});

describe('closing', () => {
  test('takes no more creators but keeps the promise to those who joined', () => {
    const closed = accepted(close(open, now));
    const joined = { collaboration: closed, partnership };

    expect(isOpen(closed, now)).toBe(false);
    expect(partnerBps(joined, plus(now, 29 * DAY))).toBe(1_500);
    expect(partnerBps(joined, plus(now, 30 * DAY))).toBe(0);
  });

  test('earns nothing to who joined after the end', () => {
    const closed = accepted(close(open, now));
    const late = { ...partnership, joinedAt: plus(now, DAY) };

    expect(partnerBps({ collaboration: closed, partnership: late }, plus(now, 2 * DAY))).toBe(0);
  });

  test('is refused the second time', () => {
    expect(close(accepted(close(open, now)), now)).toEqual({ ok: false, refusal: 'CLOSED' });
  });
});

test('all problems of the terms are told at once', () => {
  const problems = termsProblems({ commissionBps: 99, closesAt: now }, now);

  expect(problems.map(({ code }) => code)).toEqual([
    'COMMISSION_OUT_OF_RANGE',
    'CLOSES_IN_THE_PAST',
  ]);
});
