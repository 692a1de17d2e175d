import fc from 'fast-check';
import { expect, test } from 'vitest';
import { levelKey, type Movement, moved, type StockLevel, toCount } from '../stock/stock-level.ts';
import { giveBack, type OrderStock, place } from './order-stock.ts';
import { letGo, type Reservation, reserve } from './reservation.ts';

/** Everything that can happen to stock, in any order, over few names so that it collides. */
const variantId = fc.constantFrom('a', 'b');
const checkout = fc.nat(3);
const lines = fc.array(fc.record({ variantId, quantity: fc.integer({ min: 1, max: 4 }) }), {
  minLength: 1,
  maxLength: 3,
});
const event = fc.oneof(
  fc.record({ kind: fc.constant('request' as const), checkout, lines }),
  fc.record({
    kind: fc.constant('let go' as const),
    checkout,
    reason: fc.constantFrom('ABANDONED' as const, 'EXPIRED' as const),
  }),
  fc.record({
    kind: fc.constant('place' as const),
    checkout,
    order: fc.nat(3),
    units: fc.array(variantId, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('cancel' as const),
    order: fc.nat(3),
    goods: fc.constantFrom('HERE' as const, 'GONE' as const),
  }),
  fc.record({
    kind: fc.constant('count' as const),
    variantId,
    warehouseId: fc.constantFrom('w1', 'w2'),
    onHand: fc.nat(8),
  }),
);

function emptyWorld() {
  const levels = new Map<string, StockLevel>();
  for (const variant of ['a', 'b']) {
    for (const warehouseId of ['w1', 'w2']) {
      const level = {
        variantId: variant,
        warehouseId,
        shopId: 'shp_1',
        market: 'ID',
        onHand: 5,
        reserved: 0,
        available: 5,
        version: 1,
        updatedAt: new Date(0),
      };
      levels.set(levelKey(level), level);
    }
  }
  return {
    levels,
    reservations: new Map<number, Reservation>(),
    orders: new Map<number, OrderStock>(),
    /** Units that were ever brought in, less those that staff took away. */
    stocked: 20,
    /** Units that left with a parcel whose order was cancelled afterwards. */
    lost: 0,
  };
}

type World = ReturnType<typeof emptyWorld>;

/** As the ledger: all movements or, where one would break a level, an error. */
function move(world: World, movements: readonly Movement[]): void {
  for (const movement of movements) {
    const level = world.levels.get(levelKey(movement));
    const after = level && moved(level, movement);
    if (!after) throw new Error(`${JSON.stringify(movement)} breaks ${JSON.stringify(level)}`);
    world.levels.set(levelKey(movement), after);
  }
}

type Happening = typeof event extends fc.Arbitrary<infer One> ? One : never;

function happen(world: World, one: Happening): void {
  const { levels, reservations, orders } = world;
  switch (one.kind) {
    case 'request': {
      if (reservations.has(one.checkout)) return;
      const step = reserve(`rsv_${one.checkout}`, one.lines, [...levels.values()]);
      reservations.set(one.checkout, step.next);
      move(world, step.movements);
      return;
    }
    case 'let go': {
      const known = reservations.get(one.checkout);
      const step = known && letGo(known, one.reason);
      if (step) {
        reservations.set(one.checkout, step.next);
        move(world, step.movements);
      }
      return;
    }
    case 'place': {
      const placed = one.units.map((variant, index) => ({
        orderLineId: `oln_${index}`,
        variantId: variant,
      }));
      const placement = place(placed, {
        known: orders.get(one.order) ?? null,
        reservation: reservations.get(one.checkout) ?? null,
        levels: [...levels.values()],
      });
      if (!placement) return;
      orders.set(one.order, placement.next);
      if (placement.reservation) reservations.set(one.checkout, placement.reservation);
      move(world, placement.movements);
      return;
    }
    case 'cancel': {
      const step = giveBack(orders.get(one.order) ?? null, one.goods);
      if (!step) return;
      orders.set(one.order, step.next);
      const owned = step.next.units.filter(({ warehouseId }) => warehouseId !== null).length;
      if (one.goods === 'GONE') world.lost += owned;
      move(world, step.movements);
      return;
    }
    case 'count': {
      const level = levels.get(levelKey(one));
      if (!level) throw new Error('all levels exist');
      const delta = toCount(level, { onHand: one.onHand, expectedVersion: null });
      if (!delta.ok) return;
      world.stocked += delta.value;
      move(world, [{ ...one, reserved: 0, available: delta.value }]);
      return;
    }
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

test('whatever happens in whatever order, no level breaks and no unit appears or vanishes', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (happenings) => {
      const world = emptyWorld();
      for (const one of happenings) {
        happen(world, one);
        const levels = [...world.levels.values()];
        for (const { onHand, reserved, available } of levels) {
          expect(onHand).toBe(reserved + available);
          expect(Math.min(reserved, available)).toBeGreaterThanOrEqual(0);
        }
        const held = [...world.reservations.values()].flatMap((reservation) =>
          reservation.state === 'HELD' ? reservation.parts : [],
        );
        for (const level of levels) {
          const own = held.filter((part) => levelKey(part) === levelKey(level));
          expect(level.reserved).toBe(sum(own.map(({ quantity }) => quantity)));
        }
        const owned = [...world.orders.values()]
          .filter(({ state }) => state === 'TAKEN')
          .flatMap(({ units }) => units.filter(({ warehouseId }) => warehouseId !== null));
        expect(sum(levels.map(({ onHand }) => onHand)) + owned.length + world.lost).toBe(
          world.stocked,
        );
      }
    }),
    { numRuns: 80 },
  );
});
