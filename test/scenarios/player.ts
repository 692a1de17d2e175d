import { play } from '@vitrine/demo/player/player';
import type { Data } from '@vitrine/graph-client/graph-client';
import { openLogger } from '@vitrine/platform/logger';
import { expect } from 'vitest';
import type { TestPlatform } from '../platform.ts';

const EVENTS = `subscription ($roomId: ID!) {
  liveRoomEvents(roomId: $roomId) {
    __typename
    ... on CommentPosted { comment { id } authorName }
    ... on ProductSold { title quantity }
    ... on RoomPulse { likeCount }
  }
}`;

/** The player of the demo room, at the pace of an impatient crowd: a guest sees all that it does. */
export async function playerMakesTheRoomLive(test: TestPlatform): Promise<void> {
  const room = test.world.rooms.find(({ state }) => state === 'LIVE');
  if (!room) throw new Error('the demo has a live room');
  const seen: Data[] = [];
  const stream = test.guest().subscribe(EVENTS, { roomId: room.roomId });
  const watching = (async () => {
    for await (const { liveRoomEvents } of stream) seen.push(liveRoomEvents);
  })();
  const kinds = (kind: string) => seen.filter(({ __typename }) => __typename === kind);
  const ending = new AbortController();
  const playing = play({
    url: test.running.url,
    market: room.market,
    handles: test.world.buyers
      .filter(({ market }) => market === room.market)
      .slice(-4)
      .map(({ handle }) => handle),
    pace: { msBetweenComments: 300, msBetweenLikes: 200, msBetweenPurchases: 500 },
    seed: 1,
    logger: openLogger({ LOG_LEVEL: 'silent' }, 'player'),
    signal: ending.signal,
  });
  try {
    await expect
      .poll(
        () => {
          const likes = kinds('RoomPulse').map(({ likeCount }) => likeCount);
          return {
            hasComments: kinds('CommentPosted').length >= 3,
            hasSale: kinds('ProductSold').some(({ quantity }) => quantity === 1),
            hasMoreLikes: Math.max(...likes) > Math.min(...likes),
          };
        },
        { timeout: 30_000 },
      )
      .toEqual({ hasComments: true, hasSale: true, hasMoreLikes: true });
  } finally {
    // Ends at once, whatever it was about to do.
    ending.abort();
    await playing;
    await stream.return();
    await watching;
  }
}
