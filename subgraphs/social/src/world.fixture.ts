import { transact } from '@vitrine/platform/outbox/transact';
import type { Viewer } from '@vitrine/platform/viewer';
import type { TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { productCardStore } from './product-cards/product-card.store.ts';
import type { ProductCard } from './product-cards/product-card.ts';
import { type SeedRoom, seedSocial } from './seed.ts';

/* Worlds for this subgraph's integration tests. Every call makes something new. */

/** Somebody signed in, whose profile social knows. */
export async function aPerson(subgraph: TestSubgraph, displayName = 'Ana'): Promise<Viewer> {
  const userId = subgraph.services.newId('usr');
  await seedSocial(subgraph.services, {
    profiles: [{ userId, displayName, handle: userId, avatarUrl: null }],
  });
  return aViewer({ userId });
}

/** Products that social knows, sold in Germany for 19.90 EUR. */
export async function knownProducts(
  { services }: TestSubgraph,
  count: number,
  overrides: Partial<ProductCard> = {},
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => services.newId('prd'));
  const cards = productCardStore(services);
  await transact(services, async ({ session }) => {
    for (const productId of ids) {
      const card: ProductCard = {
        productId,
        shopId: 'shp_1',
        isActive: true,
        titles: { de: 'Stiefel', en: 'Boots' },
        defaultLanguage: 'de',
        imageUrl: 'https://media.test/boots.png',
        prices: [{ market: 'DE', minor: '1990', currencyCode: 'EUR' }],
        ...overrides,
      };
      await cards.project(card, 1, session);
    }
  });
  return ids;
}

export interface RoomWorld {
  readonly roomId: string;
  readonly host: Viewer;
  readonly productIds: readonly string[];
}

/** A room on air with products in its bag. */
export async function aRoom(
  subgraph: TestSubgraph,
  {
    products = 3,
    ...overrides
  }: Partial<Omit<SeedRoom, 'bagProductIds'>> & { products?: number } = {},
): Promise<RoomWorld> {
  const host = await aPerson(subgraph, 'Hanna');
  const productIds = await knownProducts(subgraph, products);
  const roomId = subgraph.services.newId('liv');
  await seedSocial(subgraph.services, {
    rooms: [
      {
        roomId,
        hostUserId: host.userId,
        title: 'Boots tonight',
        market: 'DE',
        state: 'LIVE',
        startsAt: subgraph.clock.now(),
        bagProductIds: productIds,
        pinnedProductId: null,
        ...overrides,
      },
    ],
  });
  return { roomId, host, productIds };
}

const EVENTS = `subscription ($roomId: ID!, $resumeAfter: String) {
  liveRoomEvents(roomId: $roomId, resumeAfter: $resumeAfter) {
    __typename
    ... on OrderedLiveEvent { cursor }
    ... on CommentPosted { comment { id text authorRole state } authorName }
    ... on CommentRemoved { comment { id text } }
    ... on CardPinned { card { ... on ProductCard { product { id } title(language: "en") price { amount } } } }
    ... on ProductSold { product { id } quantity buyerName title thumbnailUrl price { amount } }
    ... on BagChanged { change added { product { id } } products { id } }
    ... on RoomStateChanged { state }
    ... on ViewerMuted { viewer { id } viewerName }
    ... on RoomPulse { viewerCount likeCount orderCount }
  }
}`;

/** One event as a client sees it; its shape is for the test to assert. */
// biome-ignore lint/suspicious/noExplicitAny: any event that a test may wait for
export type Seen = Record<string, any>;

export interface Listener {
  /** The next so many ordered events. */
  take(count: number): Promise<Seen[]>;
  /** Every ordered event until the stream completes. */
  rest(): Promise<Seen[]>;
  /** The next pulse that is as wanted. */
  pulse(isWanted: (pulse: Seen) => boolean): Promise<Seen>;
  leave(): Promise<void>;
}

/** Watches a room. Leave it, or read it to its end. */
export async function listen(
  subgraph: TestSubgraph,
  roomId: string,
  resumeAfter?: string | null,
): Promise<Listener> {
  const stream = await subgraph.subscribe(EVENTS, { roomId, resumeAfter });
  async function next(): Promise<Seen | null> {
    const { done, value } = await stream.next();
    if (done) return null;
    if (value.errors) throw value.errors[0];
    return value.data?.['liveRoomEvents'] ?? null;
  }
  async function take(count: number): Promise<Seen[]> {
    const seen: Seen[] = [];
    while (seen.length < count) {
      const event = await next();
      if (!event) break;
      if (event['__typename'] !== 'RoomPulse') seen.push(event);
    }
    return seen;
  }
  return {
    take,
    rest: () => take(Number.POSITIVE_INFINITY),
    async pulse(isWanted) {
      for (;;) {
        const event = await next();
        if (!event) throw new Error('the stream ended without such a pulse');
        if (event['__typename'] === 'RoomPulse' && isWanted(event)) return event;
      }
    },
    leave: async () => void (await stream.return?.()),
  };
}

const COMMENT = `mutation ($input: PostCommentInput!) {
  postComment(input: $input) {
    comment { id text authorRole state }
    replayed
    userErrors { ... on UserError { __typename code path retryable } }
  }
}`;

/** Says something; the payload. */
export async function say(
  subgraph: TestSubgraph,
  viewer: Viewer,
  input: { subjectId: string; text: string; replyToId?: string; idempotencyKey?: string },
): Promise<Seen> {
  const result = await subgraph.execute(
    COMMENT,
    { input: { idempotencyKey: subgraph.services.newId('req'), ...input } },
    viewer,
  );
  if (result.errors) throw result.errors[0];
  return result.data?.['postComment'];
}

/** Tells a room what to do by a mutation that answers `{ room userErrors }`; the payload. */
export async function tell(
  subgraph: TestSubgraph,
  viewer: Viewer,
  mutation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Seen> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const result = await subgraph.execute(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) {
      room { id state version pinned { ... on ProductCard { product { id } } } bag(first: 100) { nodes { product { id } isPinned } } }
      userErrors { ... on UserError { __typename code path retryable } }
    } }`,
    { input },
    viewer,
  );
  if (result.errors) throw result.errors[0];
  return result.data?.[mutation];
}
