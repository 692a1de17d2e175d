import { DAY, plus } from '@vitrine/kernel/clock';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isCommission,
  NOTICE_MS,
  nextCut,
  type PostedRate,
  post,
  postedAt,
  rateFor,
} from './rate.ts';

const start = new Date('2026-01-01T00:00:00Z');
const day = (days: number): Date => plus(start, days * DAY);
const rates = (...posted: [days: number, bps: number][]): PostedRate[] =>
  posted.map(([days, bps]) => ({ bps, from: day(days) }));

describe('a commission', () => {
  test.each([100, 101, 8_000])('of %d basis points is one', (bps) => {
    expect(isCommission(bps)).toBe(true);
  });

  test.each([99, 8_001, 0, -100, 100.5, Number.NaN])('of %d basis points is none', (bps) => {
    expect(isCommission(bps)).toBe(false);
  });
});

describe('the rate of a creator who has joined', () => {
  test('is raised at once', () => {
    expect(rateFor(rates([0, 1_000], [10, 1_500]), day(1), day(10))).toBe(1_500);
  });

  test('is cut after 30 days, to the moment', () => {
    const cut = rates([0, 2_000], [10, 1_000]);

    expect(rateFor(cut, day(1), plus(day(40), -1))).toBe(2_000);
    expect(rateFor(cut, day(1), day(40))).toBe(1_000);
  });

  test('is the cut one at once for who joins after the cut', () => {
    expect(rateFor(rates([0, 2_000], [10, 1_000]), day(11), day(12))).toBe(1_000);
  });

  test('keeps the notice of a cut when a smaller raise follows it', () => {
    const posted = rates([0, 2_000], [10, 1_000], [20, 1_500]);

    expect(rateFor(posted, day(1), day(25))).toBe(2_000);
    expect(rateFor(posted, day(1), day(40))).toBe(1_500);
  });

  test('is nothing before joining', () => {
    expect(rateFor(rates([0, 2_000]), day(5), day(4))).toBe(0);
  });

  test('falls to nothing 30 days after the end', () => {
    const ended = rates([0, 2_000], [10, 0]);

    expect(rateFor(ended, day(1), day(39))).toBe(2_000);
    expect(rateFor(ended, day(1), day(40))).toBe(0);
  });
});

const history = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 100, max: 8_000 })), {
    selector: ([days]) => days,
    minLength: 1,
    maxLength: 8,
  })
  .map((posted) => rates(...posted.toSorted(([a], [b]) => a - b)));
const moment = fc.integer({ min: 0, max: 300 }).map(day);

describe('whatever a shop posts', () => {
  test('a partner never earns less than what is offered to others', () => {
    fc.assert(
      fc.property(history, moment, moment, (posted, joinedAt, at) => {
        fc.pre(joinedAt <= at);
        expect(rateFor(posted, joinedAt, at)).toBeGreaterThanOrEqual(postedAt(posted, at));
      }),
    );
  });

  test('what a partner has once been offered holds for 30 days', () => {
    fc.assert(
      fc.property(
        history,
        moment,
        moment,
        fc.integer({ min: 0, max: 29 }),
        (posted, joinedAt, seen, later) => {
          fc.pre(joinedAt <= seen);
          expect(rateFor(posted, joinedAt, plus(seen, later * DAY))).toBeGreaterThanOrEqual(
            postedAt(posted, seen),
          );
        },
      ),
    );
  });

  test('30 days after the last change every partner has what is offered', () => {
    fc.assert(
      fc.property(history, moment, (posted, joinedAt) => {
        const last = posted.at(-1)?.from ?? start;
        const at = new Date(Math.max(last.getTime() + NOTICE_MS, joinedAt.getTime()));
        expect(rateFor(posted, joinedAt, at)).toBe(postedAt(posted, at));
      }),
    );
  });

  test('an announced cut is what the rate then falls to, and it does not fall before', () => {
    fc.assert(
      fc.property(history, moment, moment, (posted, joinedAt, now) => {
        fc.pre(joinedAt <= now && (posted.at(-1)?.from ?? start) <= now);
        const cut = nextCut(posted, joinedAt, now);
        const current = rateFor(posted, joinedAt, now);
        if (!cut) {
          expect(rateFor(posted, joinedAt, day(1_000))).toBe(current);
          return;
        }
        expect(rateFor(posted, joinedAt, cut.from)).toBe(cut.bps);
        expect(rateFor(posted, joinedAt, plus(cut.from, -1))).toBe(current);
        expect(cut.bps).toBeLessThan(current);
      }),
    );
  });

  test('thinning the history out changes no rate of the last 60 days', () => {
    fc.assert(
      fc.property(history, moment, fc.integer({ min: 0, max: 60 }), (posted, joinedAt, ago) => {
        const thinned = posted.reduce<PostedRate[]>(post, []);
        const at = plus(posted.at(-1)?.from ?? start, -ago * DAY);
        expect(rateFor(thinned, joinedAt, at)).toBe(rateFor(posted, joinedAt, at));
      }),
    );
  });
});

test('rates are posted in the order of time', () => {
  expect(() => post(rates([5, 1_000]), { bps: 900, from: day(5) })).toThrow('Invariant broken');
});
