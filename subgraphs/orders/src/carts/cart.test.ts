import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Cart,
  type CartLine,
  MAX_UNITS,
  putIn,
  setQuantity,
  takeOut,
  unitsOf,
  withoutOrdered,
} from './cart.ts';

const empty: Cart = { id: 'crt_1', buyerId: 'usr_1', market: 'DE', lines: [], version: 0 };

const line = (variantId: string, quantity = 1): CartLine => ({
  variantId,
  productId: `prd_${variantId}`,
  shopId: 'shp_1',
  title: variantId,
  quantity,
  source: null,
});

const holding = (...lines: CartLine[]): Cart => ({ ...empty, lines, version: 3 });

describe('putting something in', () => {
  test('twice the same variant makes one line', () => {
    expect(putIn(holding(line('a', 2)), line('a', 3), 'DE')).toMatchObject({
      ok: true,
      value: { lines: [{ variantId: 'a', quantity: 5 }], version: 4 },
    });
  });

  test('the last content counts, and coming back without one keeps it', () => {
    const room = { kind: 'LIVE_ROOM', id: 'liv_1' } as const;
    const video = { kind: 'VIDEO', id: 'vid_1' } as const;
    const cart = holding({ ...line('a'), source: room });

    expect(putIn(cart, { ...line('a'), source: video }, 'DE')).toMatchObject({
      value: { lines: [{ source: video }] },
    });
    expect(putIn(cart, line('a'), 'DE')).toMatchObject({ value: { lines: [{ source: room }] } });
  });

  test.for([0, -1, 1.5, 100, Number.NaN])('%d units are refused', (quantity) => {
    const refused = { ok: false, refusal: 'QUANTITY_OUT_OF_RANGE' };
    expect(putIn(holding(line('a')), line('b', quantity), 'DE')).toEqual(refused);
    expect(setQuantity(holding(line('a')), 'a', quantity)).toEqual(refused);
  });

  test('99 and one more of the same variant are refused', () => {
    expect(putIn(holding(line('a', 99)), line('a'), 'DE')).toEqual({
      ok: false,
      refusal: 'QUANTITY_OUT_OF_RANGE',
    });
  });

  test('another market is refused until the cart is empty', () => {
    expect(putIn(holding(line('a')), line('b'), 'FR')).toEqual({
      ok: false,
      refusal: 'CART_IN_OTHER_MARKET',
    });
    expect(putIn(holding(), line('b'), 'FR')).toMatchObject({ value: { market: 'FR' } });
  });
});

test('no sequence of additions brings more than 200 units or a line beyond 99', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: -5, max: 150 }))),
      (additions) => {
        const cart = additions.reduce((held, [variantId, quantity]) => {
          const decision = putIn(held, line(variantId, quantity), 'DE');
          return decision.ok ? decision.value : held;
        }, empty);

        expect(unitsOf(cart.lines)).toBeLessThanOrEqual(MAX_UNITS);
        for (const { quantity } of cart.lines) {
          expect(quantity).toBeGreaterThanOrEqual(1);
          expect(quantity).toBeLessThanOrEqual(99);
        }
      },
    ),
  );
});

test('what was put in while a checkout ran stays when it ends', () => {
  const cart = holding(line('a', 5), line('b', 1), line('c', 2));

  expect(
    withoutOrdered(cart, [
      { variantId: 'a', quantity: 3 },
      { variantId: 'b', quantity: 4 },
    ]),
  ).toMatchObject({
    lines: [
      { variantId: 'a', quantity: 2 },
      { variantId: 'c', quantity: 2 },
    ],
  });
});

test('whatever is done to a cart, a variant has one line, and ordering takes out what was ordered and no more', () => {
  const change = fc.record({
    what: fc.constantFrom('PUT', 'SET', 'OUT'),
    variantId: fc.constantFrom('a', 'b', 'c'),
    quantity: fc.integer({ min: -2, max: 120 }),
  });
  type Change = typeof change extends fc.Arbitrary<infer One> ? One : never;
  const changed = (cart: Cart, changes: readonly Change[]) =>
    changes.reduce((held, { what, variantId, quantity }) => {
      const decision =
        what === 'PUT'
          ? putIn(held, line(variantId, quantity), 'DE')
          : what === 'SET'
            ? setQuantity(held, variantId, quantity)
            : takeOut(held, variantId);
      expect(decision.ok ? decision.value.version : held.version + 1).toBe(held.version + 1);
      return decision.ok ? decision.value : held;
    }, cart);
  const unitsByVariant = ({ lines }: Cart) =>
    new Map(lines.map(({ variantId, quantity }) => [variantId, quantity]));

  fc.assert(
    fc.property(fc.array(change), fc.array(change), (before, during) => {
      const ordered = changed(empty, before);
      const now = changed(ordered, during);

      const left = withoutOrdered(now, ordered.lines);

      expect(new Set(now.lines.map(({ variantId }) => variantId)).size).toBe(now.lines.length);
      const [had, bought, has] = [now, ordered, left].map(unitsByVariant);
      for (const variantId of ['a', 'b', 'c']) {
        const rest = (had?.get(variantId) ?? 0) - (bought?.get(variantId) ?? 0);
        expect(has?.get(variantId) ?? 0).toBe(Math.max(0, rest));
      }
      expect(left.lines.every(({ quantity }) => quantity > 0)).toBe(true);
    }),
  );
});
