import { HOUR, plus } from '@vitrine/kernel/clock';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { type Following, followStore } from './follows/follow.store.ts';
import { liveLogStore } from './log/live-log.store.ts';
import { profileCardStore } from './profiles/profile-card.store.ts';
import type { ProfileCard } from './profiles/profile-card.ts';
import { liveRoomStore } from './rooms/live-room.store.ts';
import type { LiveRoom } from './rooms/live-room.ts';
import type { LiveRoomState } from './rooms/room-state.ts';
import { videoStore } from './videos/video.store.ts';

export interface SeedRoom {
  readonly roomId: string;
  readonly hostUserId: string;
  readonly title: string;
  readonly market: string;
  readonly state: LiveRoomState;
  readonly startsAt: Date;
  readonly bagProductIds: readonly string[];
  /** One of the bag, or null. */
  readonly pinnedProductId: string | null;
}

export interface SeedVideo {
  readonly videoId: string;
  readonly authorUserId: string;
  readonly title: string;
  readonly market: string;
  readonly productIds: readonly string[];
  readonly thumbnailUrl: string | null;
}

export interface SocialSeed {
  readonly rooms?: readonly SeedRoom[];
  readonly videos?: readonly SeedVideo[];
  readonly follows?: readonly {
    readonly followerUserId: string;
    readonly followedUserId: string;
  }[];
  /** Only needed where no fact of accounts will bring them. */
  readonly profiles?: readonly ProfileCard[];
}

const BATCH = 100;

const batchesOf = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, at) =>
    items.slice(at * BATCH, (at + 1) * BATCH),
  );

/** How a room came to its state: what its log begins with. */
const WAYS: Readonly<Record<LiveRoomState, readonly LiveRoomState[]>> = {
  SCHEDULED: [],
  LIVE: ['LIVE'],
  PAUSED: ['LIVE', 'PAUSED'],
  ENDED: ['LIVE', 'ENDED'],
};

const toRoom = (seed: SeedRoom): LiveRoom => ({
  id: seed.roomId,
  hostId: seed.hostUserId,
  moderatorIds: [],
  title: seed.title,
  market: seed.market,
  state: seed.state,
  startsAt: seed.startsAt,
  startedAt: seed.state === 'SCHEDULED' ? null : seed.startsAt,
  endedAt: seed.state === 'ENDED' ? plus(seed.startsAt, HOUR) : null,
  bag: seed.bagProductIds.map((productId, at) => ({ productId, rank: at + 1 })),
  pinnedProductId: seed.pinnedProductId,
  version: 1,
  viewerCount: 0,
  likeCount: 0,
});

/**
 * Writes ready-made rooms, videos and follows, with the facts that follow from them. Bags are taken
 * as they are, since catalog's listings may not have arrived yet. Throws on an id that is there already.
 */
export async function seedSocial(services: Services, seed: SocialSeed): Promise<void> {
  const log = liveLogStore(services);
  const rooms = liveRoomStore(services, log);
  const videos = videoStore(services);
  const follows = followStore(services);
  const profiles = profileCardStore(services);
  const inBatches = async <Item>(
    items: readonly Item[] | undefined,
    write: (tx: Transaction, batch: Item[]) => Promise<void>,
  ): Promise<void> => {
    for (const batch of batchesOf(items ?? [])) await transact(services, (tx) => write(tx, batch));
  };

  await inBatches(seed.profiles, async ({ session }, batch) => {
    // Version 0: whatever accounts says later is newer.
    for (const card of batch) await profiles.project(card, 0, session);
  });
  await inBatches(seed.rooms, async (tx, batch) => {
    await rooms.insertMany(tx, batch.map(toRoom));
    for (const { roomId, state } of batch) {
      const events = WAYS[state].map((to) => ({ type: 'ROOM_STATE_CHANGED', state: to }) as const);
      if (events.length > 0) await log.record(tx, roomId, events);
    }
  });
  await inBatches(seed.videos, (tx, batch) =>
    videos.insertMany(
      tx,
      batch.map(({ videoId, authorUserId, ...video }) => ({
        id: videoId,
        authorId: authorUserId,
        ...video,
        videoUrl: null,
        likeCount: 0,
        publishedAt: services.clock(),
      })),
    ),
  );
  const pairs = seed.follows?.map(
    ({ followerUserId, followedUserId }): Following => ({
      followerId: followerUserId,
      followedId: followedUserId,
    }),
  );
  await inBatches(pairs, follows.insertMany);
}
