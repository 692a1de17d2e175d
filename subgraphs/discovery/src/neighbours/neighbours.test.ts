import { DAY, plus } from '@vitrine/kernel/clock';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isBoughtTogether,
  MOST_NEIGHBOURS,
  type Neighbours,
  sharesOf,
  type Together,
  together,
} from './neighbours.ts';

const now = new Date('2026-03-01T00:00:00Z');
const none: Neighbours = { productId: 'a', entries: [] };
const seen = (otherId: string, days = 0, isBought = false): Together => ({
  otherId,
  at: plus(now, days * DAY),
  isBought,
});
const grown = (...all: Together[]): Neighbours => all.reduce(together, none);

describe('neighbours', () => {
  test('are ordered by how often they are seen together', () => {
    const { entries } = grown(seen('b'), seen('c'), seen('c'));

    expect(entries.map(({ productId }) => productId)).toEqual(['c', 'b']);
  });

  test('seen lately outrank those of long ago', () => {
    const { entries } = grown(seen('b'), seen('b'), seen('c', 28));

    expect(entries.map(({ productId }) => productId)).toEqual(['c', 'b']);
  });

  test('bought together count more than those only seen', () => {
    const { entries } = grown(seen('b'), seen('b'), seen('c', 0, true));

    expect(entries.map(({ productId }) => productId)).toEqual(['c', 'b']);
  });

  test('are so many at most, and a full list still takes a new one', () => {
    const full = grown(...Array.from({ length: 150 }, (_, index) => seen(`p${index}`, 0)));

    const { entries } = together(full, seen('new', 1));

    expect(entries).toHaveLength(MOST_NEIGHBOURS);
    expect(entries[0]?.productId).toBe('new');
  });
});

describe('a neighbour is one by purchase', () => {
  const [only] = grown(seen('b', 0, true)).entries;
  const [mostly] = grown(seen('b', 0, true), ...Array.from({ length: 9 }, () => seen('b'))).entries;
  const [never] = grown(seen('b')).entries;

  test('when orders are most of what joins them', () => {
    expect(only && isBoughtTogether(only, now)).toBe(true);
    expect(mostly && isBoughtTogether(mostly, now)).toBe(false);
    expect(never && isBoughtTogether(never, now)).toBe(false);
  });

  test('not for ever', () => {
    expect(only && isBoughtTogether(only, plus(now, 365 * DAY))).toBe(false);
  });
});

const history = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 60 }), fc.boolean())
    .map(([other, days, isBought]) => seen(`p${other}`, days, isBought)),
  { minLength: 1, maxLength: 40 },
);

test('shares sum to 1, each positive, the strongest first', () => {
  fc.assert(
    fc.property(history, (all) => {
      const shares = sharesOf(grown(...all)).map(({ share }) => share);
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    }),
  );
});

test('the order in which visits become known does not matter', () => {
  fc.assert(
    fc.property(history, (all) => {
      const shares = (some: readonly Together[]) =>
        new Map(sharesOf(grown(...some)).map(({ productId, share }) => [productId, share]));
      const [there, back] = [shares(all), shares(all.toReversed())];
      expect(back.size).toBe(there.size);
      for (const [id, share] of there) expect(back.get(id)).toBeCloseTo(share, 9);
    }),
  );
});

test('nothing has no shares', () => {
  expect(sharesOf(none)).toEqual([]);
});
