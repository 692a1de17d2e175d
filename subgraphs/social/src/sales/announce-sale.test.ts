import fc from 'fast-check';
import { expect, test } from 'vitest';
import { announcements, type SoldLine, salesByRoom } from './announce-sale.ts';

const line = (productId: string, source: SoldLine['source']): SoldLine => ({
  productId,
  title: `Title of ${productId}`,
  price: { minor: '1990', currencyCode: 'EUR' },
  source,
});
const inRoom = (id: string) => ({ kind: 'LIVE_ROOM', id }) as const;

test('units of one product become one sale, by the room they came from', () => {
  const sales = salesByRoom([
    line('a', inRoom('liv_1')),
    line('b', inRoom('liv_2')),
    line('a', inRoom('liv_1')),
    line('c', { kind: 'VIDEO', id: 'vid_1' }),
    line('d', null),
  ]);
  expect([...sales]).toMatchObject([
    ['liv_1', [{ productId: 'a', quantity: 2 }]],
    ['liv_2', [{ productId: 'b', quantity: 1 }]],
  ]);
});

test('no unit from a room is lost or told twice', () => {
  const anyLine = fc
    .tuple(
      fc.constantFrom('a', 'b', 'c'),
      fc.constantFrom(inRoom('liv_1'), inRoom('liv_2'), null, {
        kind: 'VIDEO' as const,
        id: 'liv_1',
      }),
    )
    .map(([productId, source]) => line(productId, source));
  fc.assert(
    fc.property(fc.array(anyLine), (lines) => {
      const told = [...salesByRoom(lines).values()].flat();
      const units = told.reduce((sum, { quantity }) => sum + quantity, 0);
      expect(units).toBe(lines.filter(({ source }) => source?.kind === 'LIVE_ROOM').length);
    }),
  );
});

test('an announcement says what was bought, by whom as they wish, and how many orders there are', () => {
  const [sales = []] = [...salesByRoom([line('a', inRoom('liv_1'))]).values()];
  expect(announcements(sales, 'A***n', () => 'https://media.test/a.png')(7)).toEqual([
    {
      type: 'PRODUCT_SOLD',
      productId: 'a',
      title: 'Title of a',
      thumbnailUrl: 'https://media.test/a.png',
      price: { minor: '1990', currencyCode: 'EUR' },
      quantity: 1,
      buyerName: 'A***n',
      orderCount: 7,
    },
  ]);
});
