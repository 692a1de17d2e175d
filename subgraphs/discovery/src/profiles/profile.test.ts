import { DAY, MINUTE, plus } from '@vitrine/kernel/clock';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Batch, Signal } from '../signals/signal.ts';
import {
  hiddenFrom,
  interestAt,
  newProfile,
  observe as observeIn,
  type Pair,
  type Profile,
} from './profile.ts';

const now = new Date('2026-03-01T00:00:00Z');
const viewer = newProfile('usr_1');

const observe = (before: Profile, batch: Batch) =>
  observeIn(before, batch, (market) => market === 'ZZ');

const signal = (kind: Signal['kind'], productId: string, minutes = 0): Signal => ({
  kind,
  productId,
  market: 'GB',
  at: plus(now, minutes * MINUTE),
  dwellMs: null,
});
let made = 0;
const batch = (...signals: Signal[]): Batch => {
  made += 1;
  return { id: `b${made}`, viewerId: 'usr_1', signals };
};
const ids = (pairs: readonly Pair[]) => pairs.map(({ a, b }) => [a, b].toSorted().join('+'));

describe('the test market', () => {
  const tried = (kind: Signal['kind'], productId: string): Signal => ({
    ...signal(kind, productId),
    market: 'ZZ',
  });

  test('teaches nothing about a person or about goods, and has a trend of its own', () => {
    const { profile, pairs, gains } = observe(
      viewer,
      batch(
        tried('VIEW', 'x'),
        tried('LIKE', 'y'),
        tried('PURCHASE', 'x'),
        tried('PURCHASE', 'y'),
        tried('DISMISS', 'z'),
      ),
    );

    expect(profile).toEqual({ ...viewer, batches: profile.batches, version: 1 });
    expect(pairs).toEqual([]);
    expect(gains.map(({ market, productId, weight }) => [market, productId, weight])).toEqual([
      ['ZZ', 'x', 1],
      ['ZZ', 'y', 3],
      ['ZZ', 'x', 6],
      ['ZZ', 'y', 6],
    ]);
  });

  test('changes nothing of what a batch says of real goods', () => {
    const real = [signal('VIEW', 'a'), signal('PURCHASE', 'b', 1)];
    const alone = observe(viewer, batch(...real));
    const mixed = observe(viewer, batch(tried('LIKE', 'x'), ...real, tried('PURCHASE', 'y')));

    expect(mixed.pairs).toEqual(alone.pairs);
    expect(mixed.gains.filter(({ market }) => market !== 'ZZ')).toEqual(alone.gains);
    expect({ ...mixed.profile, batches: [] }).toEqual({ ...alone.profile, batches: [] });
  });

  test('has an effect once per batch as well', () => {
    const told = batch(tried('LIKE', 'x'));
    const { profile } = observe(viewer, told);

    expect(observe(profile, told)).toEqual({ profile, pairs: [], gains: [] });
  });
});

describe('one visit', () => {
  test('pairs every product with those seen before it, once', () => {
    const { pairs } = observe(
      viewer,
      batch(
        signal('VIEW', 'a'),
        signal('VIEW', 'b', 1),
        signal('VIEW', 'c', 2),
        signal('CLICK', 'a', 3),
      ),
    );

    expect(ids(pairs).toSorted()).toEqual(['a+b', 'a+c', 'b+c']);
  });

  test('goes on over several batches', () => {
    const { profile } = observe(viewer, batch(signal('VIEW', 'a')));

    expect(ids(observe(profile, batch(signal('VIEW', 'b', 10))).pairs)).toEqual(['a+b']);
  });

  test('ends after half an hour of nothing', () => {
    const { profile } = observe(viewer, batch(signal('VIEW', 'a')));

    expect(observe(profile, batch(signal('VIEW', 'b', 31))).pairs).toEqual([]);
  });

  test('counts a product by its strongest sign, however often it is repeated', () => {
    const { gains } = observe(
      viewer,
      batch(
        signal('VIEW', 'a'),
        signal('LIKE', 'a', 1),
        signal('VIEW', 'a', 2),
        signal('LIKE', 'a', 3),
      ),
    );

    expect(gains.reduce((sum, { weight }) => sum + weight, 0)).toBe(3);
  });

  test('a second one counts again', () => {
    const { gains } = observe(viewer, batch(signal('VIEW', 'a'), signal('VIEW', 'a', 60)));

    expect(gains.map(({ weight }) => weight)).toEqual([1, 1]);
  });
});

describe('a purchase', () => {
  const { profile, pairs } = observe(
    viewer,
    batch(signal('PURCHASE', 'a'), signal('PURCHASE', 'b')),
  );

  test('pairs what is in one order as bought', () => {
    expect(pairs.filter(({ isBought }) => isBought)).toMatchObject([{ a: 'a', b: 'b' }]);
  });

  test('hides the product for 30 days', () => {
    expect(hiddenFrom(profile, plus(now, 29 * DAY))).toEqual(new Set(['a', 'b']));
    expect(hiddenFrom(profile, plus(now, 30 * DAY))).toEqual(new Set());
  });

  test('of two units of one product pairs nothing', () => {
    const twice = observe(viewer, batch(signal('PURCHASE', 'a'), signal('PURCHASE', 'a')));

    expect(twice.pairs).toEqual([]);
  });
});

describe('a dismissal', () => {
  const viewed = observe(viewer, batch(signal('VIEW', 'a'), signal('VIEW', 'b', 1))).profile;
  const { profile, pairs, gains } = observe(viewed, batch(signal('DISMISS', 'a', 2)));

  test('hides the product for good and ends the interest in it', () => {
    expect(hiddenFrom(profile, plus(now, 365 * DAY))).toEqual(new Set(['a']));
    expect(profile.recent.map(({ productId }) => productId)).toEqual(['b']);
  });

  test('says nothing about what belongs together or is popular', () => {
    expect(pairs).toEqual([]);
    expect(gains).toEqual([]);
  });
});

test('interest in a product halves in three days', () => {
  const [interest] = observe(viewer, batch(signal('LIKE', 'a'))).profile.recent;

  expect(interest && interestAt(interest, now)).toBeCloseTo(3, 6);
  expect(interest && interestAt(interest, plus(now, 3 * DAY))).toBeCloseTo(1.5, 6);
});

test('a batch that comes again changes nothing', () => {
  const once = batch(signal('LIKE', 'a'), signal('VIEW', 'b', 1));
  const { profile } = observe(viewer, once);

  expect(observe(profile, once)).toEqual({ profile, pairs: [], gains: [] });
});

test('markets are kept with the latest first', () => {
  const abroad = { ...signal('VIEW', 'b', 1), market: 'ID' };

  expect(observe(viewer, batch(signal('VIEW', 'a'), abroad)).profile.markets).toEqual(['ID', 'GB']);
});

const signals = fc.array(
  fc
    .tuple(
      fc.constantFrom('VIEW', 'CLICK', 'LIKE', 'ADD_TO_CART', 'PURCHASE', 'DISMISS'),
      fc.integer({ min: 0, max: 80 }),
      fc.integer({ min: 0, max: 5_000 }),
    )
    .map(([kind, product, minutes]) => signal(kind, `p${product}`, minutes)),
  { maxLength: 100 },
);

describe('whatever a viewer does', () => {
  test('the profile stays bounded, without doubles, and no product pairs with itself', () => {
    fc.assert(
      fc.property(fc.array(signals, { maxLength: 5 }), (visits) => {
        let profile: Profile = viewer;
        for (const visit of visits) {
          const seen = observe(profile, batch(...visit));
          profile = seen.profile;
          expect(seen.pairs.every(({ a, b }) => a !== b)).toBe(true);
          expect(seen.gains.every(({ weight }) => weight > 0)).toBe(true);
        }
        const recent = profile.recent.map(({ productId }) => productId);
        expect(recent.length).toBeLessThanOrEqual(50);
        expect(new Set(recent).size).toBe(recent.length);
        expect(profile.recent.every(({ heat }) => Number.isFinite(heat))).toBe(true);
        expect(profile.version).toBe(visits.length);
      }),
      { numRuns: 50 },
    );
  });

  test('the order within a batch does not matter', () => {
    fc.assert(
      fc.property(signals, (all) => {
        const distinct = [...new Map(all.map((one) => [one.at.getTime(), one])).values()];
        const [there, back] = [distinct, distinct.toReversed()].map((some) =>
          observe(viewer, { id: 'b', viewerId: 'usr_1', signals: some }),
        );
        expect(back).toEqual(there);
      }),
      { numRuns: 50 },
    );
  });
});
