import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Cart,
  type CartLine,
  MAX_QUANTITY,
  MAX_UNITS,
  unitsOf,
  withGuestLines,
} from './cart.ts';

const line = (
  variantId: string,
  quantity: number,
  source: CartLine['source'] = null,
): CartLine => ({
  variantId,
  productId: `prd_${variantId}`,
  shopId: 'shp_1',
  title: variantId,
  quantity,
  source,
});
const cart = (buyerId: string, lines: readonly CartLine[], market = 'DE'): Cart => ({
  id: `crt_${buyerId}`,
  buyerId,
  market,
  lines,
  version: 4,
});
const video = { kind: 'VIDEO' as const, id: 'vid_1' };
const room = { kind: 'LIVE_ROOM' as const, id: 'liv_1' };

test('units of the same variant add up, others come behind, and the last source counts', () => {
  const own = cart('usr_1', [line('a', 1, video), line('b', 2, video)]);
  const guest = cart('gst_1', [line('b', 3, room), line('c', 1, room), line('a', 1)]);

  const merged = withGuestLines(own, guest);

  expect(merged).toEqual({
    ...own,
    version: 5,
    lines: [line('a', 2, video), line('b', 5, room), line('c', 1, room)],
  });
});

test('a line and a cart are filled as far as they go', () => {
  const own = cart('usr_1', [line('a', 98), line('b', 99)]);
  const guest = cart('gst_1', [line('a', 5), line('b', 1, room), line('c', 9)]);
  const { lines } = withGuestLines(own, guest);
  expect(lines).toEqual([line('a', 99), line('b', 99), line('c', 2)]);
});

test('an empty cart moves to the market of the guest, any other stays where it is', () => {
  const guest = cart('gst_1', [line('a', 1)], 'FR');
  expect(withGuestLines(cart('usr_1', []), guest)).toMatchObject({
    market: 'FR',
    lines: [{ variantId: 'a' }],
  });
  const own = cart('usr_1', [line('b', 1)]);
  expect(withGuestLines(own, guest)).toBe(own);
  expect(withGuestLines(own, cart('gst_1', []))).toBe(own);
});

const lines = fc
  .uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 6 })
  .chain((variants) =>
    fc.tuple(
      ...variants.map((variant) =>
        fc.integer({ min: 1, max: 60 }).map((quantity) => line(`v${variant}`, quantity)),
      ),
    ),
  )
  .map((all) => all as readonly CartLine[])
  .filter((all) => unitsOf(all) <= MAX_UNITS);
const unitsIn = ({ lines: all }: Cart, variantId: string): number =>
  all.find((one) => one.variantId === variantId)?.quantity ?? 0;

test('whatever two carts hold, nothing of the own is lost and no limit is passed', () => {
  fc.assert(
    fc.property(lines, lines, (ownLines, guestLines) => {
      const [own, guest] = [cart('usr_1', ownLines), cart('gst_1', guestLines)];
      const merged = withGuestLines(own, guest);
      expect(unitsOf(merged.lines)).toBeLessThanOrEqual(MAX_UNITS);
      for (const { variantId, quantity } of merged.lines) {
        expect(quantity).toBeLessThanOrEqual(MAX_QUANTITY);
        expect(quantity).toBeGreaterThanOrEqual(unitsIn(own, variantId));
        expect(quantity).toBeLessThanOrEqual(unitsIn(own, variantId) + unitsIn(guest, variantId));
      }
      for (const { variantId } of ownLines) expect(unitsIn(merged, variantId)).toBeGreaterThan(0);
      const wanted = unitsOf(ownLines) + unitsOf(guestLines);
      const isBelowLimits = [...ownLines, ...guestLines].every(
        ({ variantId }) => unitsIn(own, variantId) + unitsIn(guest, variantId) <= MAX_QUANTITY,
      );
      if (wanted <= MAX_UNITS && isBelowLimits) expect(unitsOf(merged.lines)).toBe(wanted);
    }),
  );
});
