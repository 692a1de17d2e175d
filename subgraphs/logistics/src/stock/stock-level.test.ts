import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hand,
  hold,
  inLockOrder,
  moved,
  putBack,
  release,
  type StockLevel,
  take,
  toAdjust,
  toCount,
} from './stock-level.ts';

const level = (available: number, reserved = 0): StockLevel => ({
  variantId: 'var_1',
  warehouseId: 'whs_1',
  shopId: 'shp_1',
  market: 'ID',
  onHand: available + reserved,
  reserved,
  available,
  version: 7,
  updatedAt: new Date(0),
});

const part = (quantity: number) => ({ variantId: 'var_1', warehouseId: 'whs_1', quantity });

describe('a movement', () => {
  test.for([
    ['hold', hold(part(3)), { onHand: 10, reserved: 5, available: 5 }],
    ['release', release(part(2)), { onHand: 10, reserved: 0, available: 10 }],
    ['hand', hand(part(2)), { onHand: 8, reserved: 0, available: 8 }],
    ['take', take(part(8)), { onHand: 2, reserved: 2, available: 0 }],
    ['putBack', putBack(part(1)), { onHand: 11, reserved: 2, available: 9 }],
  ] as const)('%s keeps the level in balance', ([, movement, after]) => {
    expect(moved(level(8, 2), movement)).toMatchObject({ ...after, version: 8 });
  });

  test.for([
    ['hold more than is available', hold(part(9))],
    ['release more than is held', release(part(3))],
    ['hand out more than is held', hand(part(3))],
    ['take more than is available', take(part(9))],
  ] as const)('cannot %s', ([, movement]) => {
    expect(moved(level(8, 2), movement)).toBeNull();
  });

  test('whatever it is, the level stays in balance or stays as it was', () => {
    const amount = fc.integer({ min: 0, max: 20 });
    const change = fc.integer({ min: -25, max: 25 });
    fc.assert(
      fc.property(amount, amount, change, change, (available, reserved, a, r) => {
        const movement = { ...part(0), available: a, reserved: r };
        const after = moved(level(available, reserved), movement);
        if (after === null) {
          expect(Math.min(available + a, reserved + r)).toBeLessThan(0);
          return;
        }
        expect(after.onHand).toBe(after.reserved + after.available);
        expect(Math.min(after.reserved, after.available)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('movements of one transaction', () => {
  const at = (variantId: string, warehouseId: string, available: number) => ({
    variantId,
    warehouseId,
    reserved: 0,
    available,
  });

  test('are made by variant, then warehouse, one per level', () => {
    const wild = [at('b', '2', 1), at('a', '2', 1), at('b', '1', 1), at('b', '2', 2)];

    expect(inLockOrder(wild)).toEqual([at('a', '2', 1), at('b', '1', 1), at('b', '2', 3)]);
  });

  test('leave out levels that end as they began', () => {
    expect(inLockOrder([at('a', '1', 2), at('a', '1', -2)])).toEqual([]);
  });
});

describe('a count', () => {
  test('keeps what is held for checkouts', () => {
    expect(toCount(level(8, 2), { onHand: 2, expectedVersion: null })).toEqual({
      ok: true,
      value: -8,
    });
    expect(toCount(level(8, 2), { onHand: 1, expectedVersion: null })).toEqual({
      ok: false,
      refusal: 'BELOW_RESERVED',
    });
  });

  test('on top of a stale version is refused before anything else', () => {
    expect(toCount(level(8, 2), { onHand: 1, expectedVersion: 6 })).toEqual({
      ok: false,
      refusal: 'VERSION_CONFLICT',
    });
    expect(toCount(level(8, 2), { onHand: 9, expectedVersion: 7 })).toMatchObject({ value: -1 });
  });
});

describe('an adjustment', () => {
  test('fills a warehouse up to its limit and no further', () => {
    expect(toAdjust(level(99_990), 9)).toMatchObject({ ok: true });
    expect(toAdjust(level(99_990), 10)).toEqual({ ok: false, refusal: 'ABOVE_LIMIT' });
  });

  test('takes what is available and no more', () => {
    expect(toAdjust(level(8, 2), -8)).toMatchObject({ ok: true });
    expect(toAdjust(level(8, 2), -9)).toEqual({ ok: false, refusal: 'BELOW_RESERVED' });
  });
});
