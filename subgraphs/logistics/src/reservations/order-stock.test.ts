import { describe, expect, test } from 'vitest';
import type { StockLevel } from '../stock/stock-level.ts';
import { giveBack, type OrderStock, place } from './order-stock.ts';
import type { Reservation } from './reservation.ts';

const lines = [
  { orderLineId: 'oln_1', variantId: 'a' },
  { orderLineId: 'oln_2', variantId: 'b' },
  { orderLineId: 'oln_3', variantId: 'a' },
];

const held = (...quantities: [string, number][]): Reservation => ({
  state: 'HELD',
  reservationId: 'rsv_1',
  parts: quantities.map(([variantId, quantity]) => ({ variantId, warehouseId: 'w1', quantity })),
});

const level = (variantId: string, available: number): StockLevel => ({
  variantId,
  warehouseId: 'w2',
  shopId: 'shp_1',
  market: 'ID',
  onHand: available,
  reserved: 0,
  available,
  version: 1,
  updatedAt: new Date(0),
});

const cancelledFirst: OrderStock = { state: 'CANCELLED', units: [], shortages: [] };

describe('a placed order', () => {
  test('claims its part and leaves the rest to the other orders of the checkout', () => {
    const reservation = held(['a', 3], ['b', 1]);
    const placement = place(lines, { known: null, reservation, levels: [] });

    expect(placement?.reservation).toEqual(held(['a', 1]));
    expect(placement?.movements).toEqual([
      { variantId: 'a', warehouseId: 'w1', reserved: -2, available: 0 },
      { variantId: 'b', warehouseId: 'w1', reserved: -1, available: 0 },
    ]);
    expect(placement?.next.units.map(({ warehouseId }) => warehouseId)).toEqual(['w1', 'w1', 'w1']);
  });

  test('that claims the last part closes the reservation', () => {
    const placement = place(lines, {
      known: null,
      reservation: held(['a', 2], ['b', 1]),
      levels: [],
    });

    expect(placement?.reservation).toEqual({ state: 'CLAIMED', reservationId: 'rsv_1' });
  });

  test('whose reservation has expired takes what is available', () => {
    const placement = place(lines, {
      known: null,
      reservation: { state: 'RELEASED', reason: 'EXPIRED' },
      levels: [level('a', 5), level('b', 1)],
    });

    expect(placement?.reservation).toBeNull();
    expect(placement?.next.shortages).toEqual([]);
    expect(placement?.movements).toEqual([
      { variantId: 'a', warehouseId: 'w2', reserved: 0, available: -2 },
      { variantId: 'b', warehouseId: 'w2', reserved: 0, available: -1 },
    ]);
  });

  test('that finds too little takes what there is and records the shortage', () => {
    const placement = place(lines, { known: null, reservation: null, levels: [level('a', 1)] });

    expect(placement?.next).toEqual({
      state: 'TAKEN',
      units: [
        { ...lines[0], warehouseId: 'w2' },
        { ...lines[1], warehouseId: null },
        { ...lines[2], warehouseId: null },
      ],
      shortages: [
        { variantId: 'a', requested: 2, available: 1 },
        { variantId: 'b', requested: 1, available: 0 },
      ],
    });
    expect(placement?.movements).toEqual([
      { variantId: 'a', warehouseId: 'w2', reserved: 0, available: -1 },
    ]);
  });

  test('that was seen before changes nothing', () => {
    const reservation = held(['a', 2], ['b', 1]);
    const first = place(lines, { known: null, reservation, levels: [] });
    const known = first?.next ?? null;

    expect(known?.state).toBe('TAKEN');
    expect(place(lines, { known, reservation, levels: [] })).toBeNull();
  });

  test('whose cancellation came first lets its part go instead', () => {
    const placement = place(lines, {
      known: cancelledFirst,
      reservation: held(['a', 2], ['b', 2]),
      levels: [],
    });

    expect(placement?.next.state).toBe('CANCELLED');
    expect(placement?.reservation).toEqual(held(['b', 1]));
    expect(placement?.movements).toEqual([
      { variantId: 'a', warehouseId: 'w1', reserved: -2, available: 2 },
      { variantId: 'b', warehouseId: 'w1', reserved: -1, available: 1 },
    ]);
    const known = placement?.next ?? null;
    expect(place(lines, { known, reservation: held(['b', 1]), levels: [] })).toBeNull();
  });
});

describe('a cancelled order', () => {
  const taken: OrderStock = {
    state: 'TAKEN',
    units: [
      { orderLineId: 'oln_1', variantId: 'a', warehouseId: 'w1' },
      { orderLineId: 'oln_2', variantId: 'b', warehouseId: null },
    ],
    shortages: [{ variantId: 'b', requested: 1, available: 0 }],
  };

  test('gives back what it took, and not what it never got', () => {
    expect(giveBack(taken, 'HERE')).toEqual({
      next: { ...taken, state: 'CANCELLED' },
      movements: [{ variantId: 'a', warehouseId: 'w1', reserved: 0, available: 1 }],
    });
  });

  test('gives back once', () => {
    expect(giveBack({ ...taken, state: 'CANCELLED' }, 'HERE')).toBeNull();
  });

  test('gives nothing back while the parcel is under way', () => {
    expect(giveBack(taken, 'GONE')).toEqual({
      next: { ...taken, state: 'CANCELLED' },
      movements: [],
    });
  });

  test('that was never placed here is marked, so that it takes nothing later', () => {
    expect(giveBack(null, 'HERE')).toEqual({ next: cancelledFirst, movements: [] });
  });
});
