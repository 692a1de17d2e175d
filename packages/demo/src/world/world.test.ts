import { markets } from '@vitrine/markets/market';
import { describe, expect, test } from 'vitest';
import { DEMO_SIZE, makeWorld, type World } from './world.ts';

const SEED = 7;
const NOW = new Date('2026-04-02T18:00:00.000Z');
const make = (options: { readonly seed?: number; readonly now?: Date } = {}): World =>
  makeWorld({ seed: SEED, now: NOW, mediaUrl: 'http://pictures.example/media', ...options });

const world = make();
const productById = new Map(world.products.map((product) => [product.productId, product]));
const isInStock = (productId: string): boolean =>
  (productById.get(productId)?.variants ?? []).some(
    ({ variantId }) => (world.stock.get(variantId) ?? 0) > 0,
  );

describe('the same seed', () => {
  test('makes the same world: ids, titles, prices, history and all', () => {
    expect(make()).toEqual(world);
  });

  test('makes the same world at another moment, but for the history and when rooms start', () => {
    const timeless = ({ history, rooms, ...rest }: World) => ({
      ...rest,
      rooms: rooms.map(({ startsAt: _, ...room }) => room),
      history: history.map(({ at: _, ...event }) => JSON.stringify(event)).toSorted(),
    });
    const later = make({ now: new Date('2027-12-24T06:00:00.000Z') });

    expect(timeless(later)).toEqual(timeless(world));
    expect(later.rooms[0]?.startsAt).not.toEqual(world.rooms[0]?.startsAt);
  });

  test('makes a smaller world without a gap, too', () => {
    const small = makeWorld({
      seed: SEED,
      now: NOW,
      mediaUrl: '',
      size: { ...DEMO_SIZE, shopsPerMarket: 2, productsPerShop: 10, creators: 5, buyers: 60 },
    });

    expect(small.products).toHaveLength(5 * 2 * 10);
    expect(small.rooms.every(({ bagProductIds }) => bagProductIds.length > 0)).toBe(true);
  });
});

test('another seed makes other products', () => {
  const titles = ({ products }: World) => products.map((product) => product.titles);

  expect(titles(make({ seed: SEED + 1 }))).not.toEqual(titles(world));
});

test('there is as much of everything as the demo promises', () => {
  expect({
    markets: new Set(world.shops.map(({ market }) => market)).size,
    shops: world.shops.length,
    products: world.products.length,
    creators: world.creators.length,
    rooms: world.rooms.length,
    live: world.rooms.filter(({ state }) => state === 'LIVE').length,
    buyers: world.buyers.length,
  }).toEqual({
    markets: 5,
    shops: 20,
    products: 500,
    creators: 10,
    rooms: 5,
    live: 2,
    buyers: 200,
  });
});

describe('everything that is referred to exists:', () => {
  const ids = <Item>(items: readonly Item[], idOf: (item: Item) => string) =>
    new Set(items.map(idOf));
  const users = ids(
    [world.operator, world.developer, ...world.owners, ...world.creatorPeople, ...world.buyers],
    ({ userId }) => userId,
  );
  const creators = ids(world.creators, ({ creatorId }) => creatorId);
  const shops = ids(world.shops, ({ shopId }) => shopId);
  const products = new Set(productById.keys());

  test.for([
    ['owners of shops', world.shops.map((shop) => shop.ownerUserId), users],
    ['shops of products', world.products.map((product) => product.shopId), shops],
    ['people behind creators', world.creators.map((creator) => creator.userId), users],
    ['products of collaborations', world.collaborations.map((own) => own.productId), products],
    ['shops of collaborations', world.collaborations.map((own) => own.shopId), shops],
    ['partners', world.collaborations.flatMap((own) => own.creatorIds), creators],
    ['hosts', world.rooms.map((room) => room.hostUserId), users],
    ['products in bags', world.rooms.flatMap((room) => room.bagProductIds), products],
    ['authors of videos', world.videos.map((video) => video.authorUserId), users],
    ['products in videos', world.videos.flatMap((video) => video.productIds), products],
    ['followers', world.follows.map((follow) => follow.followerUserId), users],
    ['followed', world.follows.map((follow) => follow.followedUserId), users],
    ['people with addresses', world.addresses.map((address) => address.userId), users],
    ['people in the history', world.history.map((event) => event.userId), users],
    ['products in the history', world.history.map((event) => event.productId), products],
  ] as const)('%s', ([, referred, known]) => {
    expect(referred.length).toBeGreaterThan(0);
    expect(referred.filter((id) => !known.has(id))).toEqual([]);
  });

  test('and no id, e-mail address or handle is given twice', () => {
    const people = [
      world.operator,
      world.developer,
      ...world.owners,
      ...world.creatorPeople,
      ...world.buyers,
    ];
    for (const list of [
      people.map(({ userId }) => userId),
      people.map(({ email }) => email),
      people.map(({ handle }) => handle),
      world.products.map(({ productId }) => productId),
      world.products.flatMap(({ variants }) => variants.map(({ variantId }) => variantId)),
    ]) {
      expect(new Set(list).size).toBe(list.length);
    }
  });

  test('a variant has a level of stock, and some are sold out, as in life', () => {
    const variants = world.products.flatMap((product) => product.variants);

    expect(variants.every(({ variantId }) => world.stock.has(variantId))).toBe(true);
    expect([...world.stock.values()]).toContain(0);
  });
});

describe('a room', () => {
  test('that is live shows a card that is in its bag and in stock; a scheduled one shows none', () => {
    for (const { state, pinnedProductId, bagProductIds } of world.rooms) {
      if (state === 'SCHEDULED') {
        expect(pinnedProductId).toBeNull();
        continue;
      }
      expect(bagProductIds).toContain(pinnedProductId);
      expect(isInStock(pinnedProductId ?? '')).toBe(true);
    }
  });

  test('sells what its market can buy and its host earns with', () => {
    for (const { bagProductIds, market, hostUserId } of world.rooms) {
      const host = world.creators.find(({ userId }) => userId === hostUserId);
      expect(new Set(bagProductIds).size).toBe(bagProductIds.length);
      for (const productId of bagProductIds) {
        expect(productById.get(productId)?.market).toBe(market);
        const collaboration = world.collaborations.find((own) => own.productId === productId);
        expect(collaboration?.creatorIds).toContain(host?.creatorId);
      }
    }
  });

  test('that is live has begun, and a scheduled one has not', () => {
    for (const { state, startsAt } of world.rooms) {
      expect(startsAt < NOW).toBe(state === 'LIVE');
    }
  });
});

describe('the history', () => {
  test('lies in the three days before now, oldest first', () => {
    const times = world.history.map(({ at }) => at.getTime());

    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(NOW.getTime() - (times[0] ?? 0)).toBeLessThan(73 * 3_600_000);
  });

  test('is of what is sold where the buyer lives, in two categories at most', () => {
    for (const [userId, events] of Map.groupBy(world.history, (event) => event.userId)) {
      const buyer = world.buyers.find((person) => person.userId === userId);
      const seen = events.map(({ productId }) => productById.get(productId));
      expect(new Set(seen.map((product) => product?.market))).toEqual(new Set([buyer?.market]));
      expect(new Set(seen.map((product) => product?.category)).size).toBeLessThanOrEqual(2);
    }
  });

  test('has every buyer in it', () => {
    expect(new Set(world.history.map(({ userId }) => userId)).size).toBe(world.buyers.length);
  });
});

test('the demo is in markets that the platform has', () => {
  const known = new Set(markets().map(({ code }) => code));

  for (const { market } of [...world.shops, ...world.buyers]) expect(known).toContain(market);
});
