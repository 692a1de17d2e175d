import { idMaker } from '@vitrine/kernel/id';
import { type DemoEvent, makeHistory } from './history.ts';
import { type DemoPerson, makePeople } from './people.ts';
import { type DemoProduct, makeProducts } from './products.ts';
import { seededRandom } from './random.ts';
import { type DemoShop, makeShops } from './shops.ts';
import { inLanguage, texts } from './texts.ts';

export interface DemoRoom {
  readonly roomId: string;
  readonly hostUserId: string;
  readonly title: string;
  readonly market: string;
  readonly state: 'SCHEDULED' | 'LIVE';
  readonly startsAt: Date;
  readonly bagProductIds: readonly string[];
  readonly pinnedProductId: string | null;
}

export interface DemoVideo {
  readonly videoId: string;
  readonly authorUserId: string;
  readonly title: string;
  readonly market: string;
  readonly productIds: readonly string[];
  readonly thumbnailUrl: string | null;
}

export interface DemoCreator {
  readonly creatorId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly market: string;
}

export interface DemoCollaboration {
  readonly collaborationId: string;
  readonly productId: string;
  readonly shopId: string;
  readonly commissionBps: number;
  readonly creatorIds: readonly string[];
}

export interface World {
  readonly operator: DemoPerson;
  readonly owners: readonly DemoPerson[];
  readonly creatorPeople: readonly DemoPerson[];
  readonly buyers: readonly DemoPerson[];
  /** Registers apps: whom `npm run app:new` signs in as. */
  readonly developer: DemoPerson;
  readonly shops: readonly DemoShop[];
  readonly products: readonly DemoProduct[];
  /** Units on hand by variant. */
  readonly stock: ReadonlyMap<string, number>;
  readonly creators: readonly DemoCreator[];
  readonly collaborations: readonly DemoCollaboration[];
  readonly rooms: readonly DemoRoom[];
  readonly videos: readonly DemoVideo[];
  readonly follows: readonly { readonly followerUserId: string; readonly followedUserId: string }[];
  readonly addresses: readonly {
    readonly addressId: string;
    readonly userId: string;
    readonly market: string;
  }[];
  readonly history: readonly DemoEvent[];
}

/** How much of everything; the demo's own size unless a test wants less. */
export interface WorldSize {
  readonly shopsPerMarket: number;
  readonly productsPerShop: number;
  readonly creators: number;
  readonly buyers: number;
  readonly sessionsPerBuyer: number;
}

export const DEMO_SIZE: WorldSize = {
  shopsPerMarket: 4,
  productsPerShop: 25,
  creators: 10,
  buyers: 200,
  sessionsPerBuyer: 4,
};

export interface WorldOptions {
  readonly seed: number;
  /** The history ends here. Everything else is the same for the same seed, whatever the moment. */
  readonly now: Date;
  /** Where pictures are served, such as `http://localhost:4000/media`. */
  readonly mediaUrl: string;
  readonly size?: WorldSize;
}

/** Ids are dated before any real one, so that what people make sorts after the demo. */
const BEGINNING = Date.UTC(2026, 0, 1);
const BAG_SIZE = 8;

export function makeWorld({ seed, now, mediaUrl, size = DEMO_SIZE }: WorldOptions): World {
  const random = seededRandom(seed);
  let tick = BEGINNING;
  const newId = idMaker(() => tick++, random.next);
  const markets = Object.keys(texts.markets);
  const avatarOf = (handle: string) => `${mediaUrl}/avatars/${handle}.png`;
  const people = { newId, random, markets, avatarOf };

  const [operator] = makePeople('operator', 1, people);
  if (!operator) throw new Error('one operator was asked for');
  const owners = makePeople('owner', markets.length * size.shopsPerMarket, people);
  const creatorPeople = makePeople('creator', size.creators, people);
  const buyers = makePeople('buyer', size.buyers, people);
  const shops = makeShops(owners, { newId, perMarket: size.shopsPerMarket });
  const products = makeProducts(shops, size.productsPerShop, {
    newId,
    random,
    pictureOf: (category, productId) => `${mediaUrl}/products/${category}/${productId}.png`,
    publishedAt: new Date(BEGINNING),
  });
  const stock = new Map(
    products.flatMap(({ variants }) =>
      variants.map(({ variantId }) => [
        variantId,
        random.chance(0.04) ? 0 : random.between(20, 400),
      ]),
    ),
  );
  const isInStock = (product: DemoProduct) =>
    product.variants.every(({ variantId }) => (stock.get(variantId) ?? 0) > 0);

  const creators = creatorPeople.map((person) => ({
    creatorId: newId('cre'),
    userId: person.userId,
    displayName: person.displayName,
    market: person.market,
  }));
  const collaborations = products
    .filter(() => random.chance(0.6))
    .map((product) => ({
      collaborationId: newId('col'),
      productId: product.productId,
      shopId: product.shopId,
      commissionBps: random.between(4, 30) * 50,
      creatorIds: creators
        .filter(({ market }) => market === product.market)
        .map(({ creatorId }) => creatorId),
    }));
  const promoted = new Set(collaborations.map(({ productId }) => productId));
  const promotedIn = (market: string) =>
    products.filter(
      (product) =>
        product.market === market && promoted.has(product.productId) && isInStock(product),
    );

  // One room a market; the first two are live when the platform starts.
  const rooms = markets.map((market, index): DemoRoom => {
    const host = creators.find((creator) => creator.market === market);
    if (!host) throw new Error(`${market} has a creator`);
    const bag = random.sample(promotedIn(market), BAG_SIZE).map(({ productId }) => productId);
    const language = texts.markets[market]?.language ?? 'en';
    const isLive = index < 2;
    return {
      roomId: newId('liv'),
      hostUserId: host.userId,
      title: random.pick(texts.roomTitles[language] ?? []),
      market,
      state: isLive ? 'LIVE' : 'SCHEDULED',
      startsAt: new Date(now.getTime() + (isLive ? -20 : index * 60) * 60_000),
      bagProductIds: bag,
      pinnedProductId: isLive ? (bag[0] ?? null) : null,
    };
  });
  const videos = creators.flatMap((creator) =>
    random.sample(promotedIn(creator.market), 2).map((product) => ({
      videoId: newId('vid'),
      authorUserId: creator.userId,
      title: inLanguage(product.titles, product.defaultLanguage),
      market: creator.market,
      productIds: [product.productId],
      thumbnailUrl: product.images[0]?.url ?? null,
    })),
  );
  const follows = buyers.flatMap((buyer) =>
    random
      .sample(creators, random.between(1, 3))
      .map((creator) => ({ followerUserId: buyer.userId, followedUserId: creator.userId })),
  );
  const addresses = buyers.map(({ userId, market }) => ({
    addressId: newId('adr'),
    userId,
    market,
  }));
  const history = makeHistory(buyers, products, { random, now, sessions: size.sessionsPerBuyer });

  // Last, so that the rest of the world is what it was before there were developers.
  const [developer] = makePeople('developer', 1, people);
  if (!developer) throw new Error('one developer was asked for');

  return {
    operator,
    developer,
    owners,
    creatorPeople,
    buyers,
    shops,
    products,
    stock,
    creators,
    collaborations,
    rooms,
    videos,
    follows,
    addresses,
    history,
  };
}
