import { accept, refuse } from '@vitrine/kernel/outcome';
import { expect, test } from 'vitest';
import type { LiveRoom } from '../rooms/live-room.ts';
import { likeRoom } from './room-totals.ts';

const room: LiveRoom = {
  id: 'liv_1',
  hostId: 'usr_host',
  moderatorIds: [],
  title: 'Boots',
  market: 'DE',
  state: 'LIVE',
  startsAt: new Date('2026-03-01T12:00:00Z'),
  startedAt: new Date('2026-03-01T12:00:00Z'),
  endedAt: null,
  bag: [],
  pinnedProductId: null,
  version: 1,
  viewerCount: 0,
  likeCount: 7,
};

/** Likes a room, and keeps what was counted and spent. */
function world({ state = 'LIVE', wait = 0 }: { state?: LiveRoom['state']; wait?: number } = {}) {
  const counted: number[] = [];
  const spent: [string, number | undefined][] = [];
  const like = likeRoom(
    { findMany: async (ids) => (ids.includes(room.id) ? [{ ...room, state }] : []) },
    { like: async (_room, count) => void counted.push(count) },
    async (key, _limit, cost) => {
      spent.push([key, cost]);
      return wait;
    },
  );
  const of = (count: number, roomId = room.id) => like({ actorId: 'usr_ana', roomId, count });
  return { of, counted, spent };
}

test.for([1, 50])('%i likes at once are counted, and spend as much', async (count) => {
  const { of, counted, spent } = world();
  expect(await of(count)).toEqual(accept(room));
  expect(counted).toEqual([count]);
  expect(spent).toEqual([['likes:liv_1:usr_ana', count]]);
});

test.for([0, -1, 51, 2_147_483_647])('%i likes at once are refused', async (count) => {
  const { of, counted, spent } = world();
  expect(await of(count)).toMatchObject({
    refusal: { problems: [{ code: 'COUNT_OUT_OF_RANGE', path: ['count'] }] },
  });
  expect([counted, spent]).toEqual([[], []]);
});

test.for([
  ['SCHEDULED', 'ROOM_NOT_STARTED'],
  ['ENDED', 'ROOM_ENDED'],
] as const)('a room that is %s is not liked', async ([state, refusal]) => {
  const { of, counted, spent } = world({ state });
  expect(await of(1)).toEqual(refuse(refusal));
  expect([counted, spent]).toEqual([[], []]);
});

test('an interrupted show is liked, one that does not exist is not', async () => {
  expect(await world({ state: 'PAUSED' }).of(1)).toMatchObject({ ok: true });
  expect(await world().of(1, 'liv_none')).toEqual(refuse('NOT_FOUND'));
});

test('whoever likes too much is told how long to wait, and nothing is counted', async () => {
  const { of, counted } = world({ wait: 900 });
  expect(await of(1)).toEqual(refuse({ retryAfterMs: 900 }));
  expect(counted).toEqual([]);
});
