import { describe, expect, test } from 'vitest';
import type { StockLevel } from '../stock/stock-level.ts';
import { allocate, claim, letGo, type Reservation, reserve, summed } from './reservation.ts';

const level = (variantId: string, warehouseId: string, available: number): StockLevel => ({
  variantId,
  warehouseId,
  shopId: 'shp_1',
  market: 'ID',
  onHand: available,
  reserved: 0,
  available,
  version: 1,
  updatedAt: new Date(0),
});

const wants = (variantId: string, quantity: number) => ({ variantId, quantity });
const part = (variantId: string, warehouseId: string, quantity: number) => ({
  variantId,
  warehouseId,
  quantity,
});

test('lines of one variant are summed, by variant', () => {
  expect(summed([wants('b', 1), wants('a', 2), wants('b', 3)])).toEqual([
    wants('a', 2),
    wants('b', 4),
  ]);
});

describe('allocating', () => {
  test('takes the first warehouse that has all of it', () => {
    const levels = [level('a', 'w1', 2), level('a', 'w3', 9), level('a', 'w2', 5)];

    expect(allocate([wants('a', 4)], levels)).toEqual({
      parts: [part('a', 'w2', 4)],
      shortages: [],
    });
  });

  test('takes from several warehouses where none has all of it', () => {
    const levels = [level('a', 'w2', 2), level('a', 'w1', 2), level('a', 'w3', 2)];

    expect(allocate([wants('a', 5)], levels).parts).toEqual([
      part('a', 'w1', 2),
      part('a', 'w2', 2),
      part('a', 'w3', 1),
    ]);
  });

  test('tells how many there are where that is too few, or none', () => {
    expect(allocate([wants('a', 5), wants('b', 1)], [level('a', 'w1', 4)]).shortages).toEqual([
      { variantId: 'a', requested: 5, available: 4 },
      { variantId: 'b', requested: 1, available: 0 },
    ]);
  });
});

describe('a request', () => {
  test('sets everything aside', () => {
    const step = reserve(
      'rsv_1',
      [wants('b', 1), wants('a', 1)],
      [level('a', 'w1', 1), level('b', 'w1', 1)],
    );

    expect(step.next).toEqual({
      state: 'HELD',
      reservationId: 'rsv_1',
      parts: [part('a', 'w1', 1), part('b', 'w1', 1)],
    });
    expect(step.movements).toHaveLength(2);
  });

  test('with two lines of one variant cannot pass line by line', () => {
    const step = reserve('rsv_1', [wants('a', 1), wants('a', 1)], [level('a', 'w1', 1)]);

    expect(step).toEqual({
      next: { state: 'REFUSED', shortages: [{ variantId: 'a', requested: 2, available: 1 }] },
      movements: [],
    });
  });

  test('that is short of one thing sets nothing aside', () => {
    const step = reserve('rsv_1', [wants('a', 1), wants('b', 1)], [level('a', 'w1', 1)]);

    expect(step.movements).toEqual([]);
    expect(step.next.state).toBe('REFUSED');
  });
});

describe('letting go', () => {
  test('releases what is held', () => {
    const held: Reservation = {
      state: 'HELD',
      reservationId: 'rsv_1',
      parts: [part('a', 'w1', 2)],
    };

    expect(letGo(held, 'EXPIRED')).toEqual({
      next: { state: 'RELEASED', reason: 'EXPIRED' },
      movements: [{ variantId: 'a', warehouseId: 'w1', reserved: -2, available: 2 }],
    });
  });

  test.for([
    { state: 'CLAIMED', reservationId: 'rsv_1' },
    { state: 'RELEASED', reason: 'EXPIRED' },
    { state: 'REFUSED', shortages: [] },
  ] as const)('of what is $state does nothing', (reservation) => {
    expect(letGo(reservation, 'ABANDONED')).toBeNull();
  });
});

describe('a claim', () => {
  test('splits a part and leaves the rest', () => {
    expect(claim([part('a', 'w1', 3), part('b', 'w1', 1)], [wants('a', 1), wants('a', 1)])).toEqual(
      {
        claimed: [part('a', 'w1', 2)],
        left: [part('a', 'w1', 1), part('b', 'w1', 1)],
        missing: [],
      },
    );
  });

  test('beyond what is held is missing', () => {
    expect(claim([part('a', 'w1', 1)], [wants('a', 3), wants('b', 1)])).toEqual({
      claimed: [part('a', 'w1', 1)],
      left: [],
      missing: [wants('a', 2), wants('b', 1)],
    });
  });
});
