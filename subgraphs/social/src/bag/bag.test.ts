import { refuse } from '@vitrine/kernel/outcome';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MarketCard } from '../product-cards/product-card.ts';
import type { LiveRoom } from '../rooms/live-room.ts';
import { addToBag, arrangeBag, MAX_BAG, removeFromBag, reorderBag } from './arrange-bag.ts';
import { pin, pinCard, unpin } from './pin-card.ts';

const host = 'usr_host';

const card = (productId: string, overrides: Partial<MarketCard> = {}): MarketCard => ({
  productId,
  titles: { de: productId },
  defaultLanguage: 'de',
  thumbnailUrl: null,
  price: { minor: '1990', currencyCode: 'EUR' },
  isActive: true,
  ...overrides,
});

const roomWith = (...productIds: string[]): LiveRoom => ({
  id: 'liv_1',
  hostId: host,
  moderatorIds: [],
  title: 'Boots',
  market: 'DE',
  state: 'LIVE',
  startsAt: new Date(0),
  startedAt: new Date(0),
  endedAt: null,
  bag: productIds.map((productId, at) => ({ productId, rank: at + 1 })),
  pinnedProductId: null,
  version: 1,
  viewerCount: 0,
  likeCount: 0,
});

const product = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), product }),
  fc.record({ kind: fc.constant('remove' as const), product }),
  fc.record({ kind: fc.constant('pin' as const), product }),
  fc.record({ kind: fc.constant('unpin' as const), product }),
  fc.record({ kind: fc.constant('reorder' as const), product }),
);

describe('a bag', () => {
  test('whatever the host does, holds each product once, in rising ranks, and pins at most one of them', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        let room = roomWith();
        /** What a viewer who only hears the events believes to be on screen and in the bag. */
        let shown: string | null = null;
        let heard: readonly string[] = [];
        for (const { kind, product: id } of steps) {
          const outcome = {
            add: () => addToBag(room, host, [card(id)]),
            remove: () => removeFromBag(room, host, id),
            pin: () => pin(room, host, id, card(id)),
            unpin: () => unpin(room, host),
            reorder: () => reorderBag(room, host, room.bag.map((e) => e.productId).toReversed()),
          }[kind]();
          if (!outcome.ok) continue;
          room = outcome.value.room;
          for (const event of outcome.value.events) {
            if (event.type === 'CARD_PINNED') shown = event.card.productId;
            if (event.type === 'CARD_UNPINNED') shown = null;
            if (event.type === 'BAG_CHANGED') heard = event.productIds;
          }
          const ids = room.bag.map(({ productId }) => productId);
          expect(new Set(ids).size).toBe(ids.length);
          expect(room.bag.every(({ rank }, at) => rank > (room.bag[at - 1]?.rank ?? 0))).toBe(true);
          expect(room.pinnedProductId === null || ids.includes(room.pinnedProductId)).toBe(true);
          expect(shown).toBe(room.pinnedProductId);
          expect(heard).toEqual(ids);
        }
      }),
    );
  });

  test('takes nothing that cannot be bought in the market of the room', () => {
    expect(addToBag(roomWith(), host, [card('a'), card('b', { isActive: false })])).toEqual(
      refuse('PRODUCT_UNAVAILABLE'),
    );
  });

  test('takes a product once', () => {
    expect(addToBag(roomWith('a'), host, [card('a')])).toEqual(refuse('PRODUCT_ALREADY_IN_BAG'));
  });

  test('is full at 200 products', () => {
    const ids = Array.from({ length: MAX_BAG }, (_, at) => `p${at}`);
    const last = ids.pop() ?? '';
    const nearly = addToBag(roomWith(...ids), host, [card(last)]);
    expect(nearly.ok && nearly.value.room.bag).toHaveLength(200);
    expect(addToBag(roomWith(...ids, last), host, [card('x')])).toEqual(refuse('BAG_FULL'));
  });

  test.for([
    { what: 'a missing product', order: ['a'] },
    { what: 'a product twice', order: ['a', 'a'] },
    { what: 'a stranger', order: ['a', 'x'] },
  ])('is not put in an order with $what', ({ order }) => {
    expect(reorderBag(roomWith('a', 'b'), host, order)).toEqual(refuse('BAG_ORDER_MISMATCH'));
  });

  test('taking out what is on screen clears the screen first', () => {
    const outcome = removeFromBag({ ...roomWith('a', 'b'), pinnedProductId: 'a' }, host, 'a');
    expect(outcome.ok && outcome.value.events.map(({ type }) => type)).toEqual([
      'CARD_UNPINNED',
      'BAG_CHANGED',
    ]);
  });

  test('nobody but the crew touches it, and nobody after the end', () => {
    const ended = { ...roomWith('a'), state: 'ENDED' as const };
    expect(removeFromBag(roomWith('a'), 'usr_v', 'a')).toEqual(refuse('NOT_ALLOWED'));
    expect(pin(roomWith('a'), 'usr_v', 'a', card('a'))).toEqual(refuse('NOT_ALLOWED'));
    expect(addToBag(ended, host, [card('b')])).toEqual(refuse('ROOM_ENDED'));
    expect(unpin(ended, host)).toEqual(refuse('ROOM_ENDED'));
  });
});

describe('the card on screen', () => {
  test('comes from the bag and can be bought', () => {
    expect(pin(roomWith('a'), host, 'b', card('b'))).toEqual(refuse('PRODUCT_NOT_IN_BAG'));
    expect(pin(roomWith('a'), host, 'a', card('a', { isActive: false }))).toEqual(
      refuse('PRODUCT_UNAVAILABLE'),
    );
    expect(pin(roomWith('a'), host, 'a', null)).toEqual(refuse('PRODUCT_UNAVAILABLE'));
  });

  test('pinned again, tells nobody twice', () => {
    const outcome = pin({ ...roomWith('a'), pinnedProductId: 'a' }, host, 'a', card('a'));
    expect(outcome.ok && outcome.value.events).toEqual([]);
  });
});

describe('the use cases', () => {
  const room = roomWith('a');
  const rooms: Parameters<typeof arrangeBag>[0] = {
    change: async (id, decide) => {
      if (id !== room.id) return refuse('NOT_FOUND');
      const outcome = decide(room);
      return outcome.ok ? { ok: true, value: outcome.value.room } : outcome;
    },
  };
  const known = {
    findMany: async (ids: readonly string[]) =>
      ids
        .filter((id) => id !== 'unknown')
        .map((productId) => ({
          productId,
          shopId: 'shp_1',
          isActive: true,
          titles: { de: productId },
          defaultLanguage: 'de',
          imageUrl: null,
          prices:
            productId === 'foreign' ? [] : [{ market: 'DE', minor: '1', currencyCode: 'EUR' }],
        })),
  };
  const bag = arrangeBag(rooms, known);
  const add = (productIds: string[], actorId = host) =>
    bag.add({ actorId, roomId: 'liv_1', productIds });

  test('put known products into the bag in the order given', async () => {
    const outcome = await add(['c', 'b']);
    expect(outcome.ok && outcome.value.bag.map(({ productId }) => productId)).toEqual([
      'a',
      'c',
      'b',
    ]);
  });

  test('take all products or none', async () => {
    expect(await add(['b', 'unknown'])).toEqual(refuse('PRODUCT_UNAVAILABLE'));
    expect(await add(['b', 'foreign'])).toEqual(refuse('PRODUCT_UNAVAILABLE'));
  });

  test('tell strangers nothing about products', async () => {
    expect(await add(['unknown'], 'usr_v')).toEqual(refuse('NOT_ALLOWED'));
  });

  test('refuse an empty list, a long one, and one that names a product twice', async () => {
    const many = Array.from({ length: 51 }, (_, at) => `p${at}`);
    expect(await add([])).toMatchObject({ refusal: { problems: [{ code: 'TOO_FEW_PRODUCTS' }] } });
    expect(await add(many)).toMatchObject({
      refusal: { problems: [{ code: 'TOO_MANY_PRODUCTS' }] },
    });
    expect(await add(['b', 'b'])).toMatchObject({
      refusal: { problems: [{ code: 'DUPLICATE_PRODUCT', path: ['productIds', 1] }] },
    });
  });

  test('find no room under another id', async () => {
    const { pin: pinIt } = pinCard(rooms, known);
    expect(await pinIt({ actorId: host, roomId: 'liv_2', productId: 'a' })).toEqual(
      refuse('NOT_FOUND'),
    );
  });
});
