import { contentPublished } from '@vitrine/events/social';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe } from 'vitest';
import { social } from '../index.ts';
import { liveLogStore } from '../log/live-log.store.ts';
import { roomKey } from '../log/room-keys.redis.ts';
import { totalsStore } from '../totals/room-totals.redis.ts';
import { foldTotals } from '../totals/totals.folder.ts';
import { aPerson, aRoom, listen, say, tell } from '../world.fixture.ts';
import { liveRoomStore } from './live-room.store.ts';

const test = subgraphTest(social);

const SCHEDULE = `mutation ($input: ScheduleLiveRoomInput!) {
  scheduleLiveRoom(input: $input) {
    room { id title state host { id } startsAt }
    replayed
    userErrors { ... on UserError { __typename code path } }
  }
}`;

test('a show is announced once per intent, however often and concurrently it is asked for', async ({
  subgraph,
  expect,
}) => {
  const host = aViewer({ userId: 'usr_host' });
  const input = {
    title: 'Boots',
    market: 'DE',
    startsAt: '2026-03-01T13:00:00.000Z',
    idempotencyKey: 'k1',
  };
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => subgraph.execute(SCHEDULE, { input }, host)),
  );
  const payloads = answers.map(({ data }) => data?.['scheduleLiveRoom']);
  expect(new Set(payloads.map(({ room }) => room.id)).size).toBe(1);
  expect(payloads.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(payloads[0]?.room).toMatchObject({ state: 'SCHEDULED', host: { id: 'usr_host' } });
  expect(await subgraph.emitted(contentPublished)).toMatchObject([
    { kind: 'LIVE_ROOM', contentId: payloads[0]?.room.id, authorUserId: 'usr_host', market: 'DE' },
  ]);

  const other = await subgraph.execute(SCHEDULE, { input: { ...input, title: 'Hats' } }, host);
  expect(other.data?.['scheduleLiveRoom'].userErrors).toMatchObject([
    { code: 'IDEMPOTENCY_KEY_REUSED' },
  ]);
  const guest = await subgraph.execute(SCHEDULE, { input });
  expect(guest.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  const wrong = { ...input, market: 'QQ', title: '', idempotencyKey: 'k2' };
  const refused = await subgraph.execute(SCHEDULE, { input: wrong }, host);
  expect(refused.data?.['scheduleLiveRoom']).toMatchObject({
    room: null,
    userErrors: [
      { code: 'TITLE_EMPTY', path: ['input', 'title'] },
      { code: 'UNKNOWN_MARKET', path: ['input', 'market'] },
    ],
  });
});

test('a show is answered again after its start, and a new one cannot start then', async ({
  subgraph,
  expect,
}) => {
  const host = aViewer({ userId: 'usr_host' });
  const startsAt = new Date(subgraph.clock.now().getTime() + 60_000).toISOString();
  const input = { title: 'Boots', market: 'DE', startsAt, idempotencyKey: 'k1' };
  const first = await subgraph.execute(SCHEDULE, { input }, host);
  subgraph.clock.advance(3_600_000);
  const again = await subgraph.execute(SCHEDULE, { input }, host);
  expect(again.data?.['scheduleLiveRoom']).toEqual({
    ...first.data?.['scheduleLiveRoom'],
    replayed: true,
  });
  const anew = { ...input, idempotencyKey: 'k2' };
  const late = await subgraph.execute(SCHEDULE, { input: anew }, host);
  expect(late.data?.['scheduleLiveRoom']).toMatchObject({
    room: null,
    userErrors: [{ code: 'STARTS_IN_THE_PAST' }],
  });
});

test('a bag after a cursor of another list is an error, not an empty bag', async ({
  subgraph,
  expect,
}) => {
  const { roomId, productIds } = await aRoom(subgraph);
  const bag = (after: string) =>
    subgraph.execute(
      `query ($id: ID!, $after: String) { liveRoom(id: $id) {
        bag(first: 2, after: $after) { nodes { product { id } } } } }`,
      { id: roomId, after },
    );
  const cursor = (values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url');
  for (const strange of [['x'], [1, 2], [0.5]]) {
    const { errors } = await bag(cursor(strange));
    expect(errors).toMatchObject([{ extensions: { code: 'CURSOR_INVALID' } }]);
  }
  const { data } = await bag(cursor([2]));
  expect(data?.['liveRoom'].bag.nodes).toEqual([{ product: { id: productIds[2] } }]);
});

describe('pins', () => {
  test('racing each other leave exactly one card, that of the last one told', async ({
    subgraph,
    expect,
  }) => {
    const { roomId, host, productIds } = await aRoom(subgraph, { products: 6 });
    // A second process, so that the database and not a queue in memory has to decide.
    const elsewhere = liveRoomStore(subgraph.services, liveLogStore(subgraph.services));
    await Promise.all([
      ...productIds.map((productId) => tell(subgraph, host, 'pinCard', { roomId, productId })),
      ...productIds.map((productId) =>
        elsewhere.change(roomId, (room) => ({
          ok: true,
          value: {
            room: { ...room, pinnedProductId: productId },
            events: [{ type: 'CARD_UNPINNED', productId }],
          },
        })),
      ),
    ]);
    const [room] = await elsewhere.findMany([roomId]);
    const events = await liveLogStore(subgraph.services).readLast(roomId, 100);
    const last = events.at(-1)?.body;
    const told = last?.type === 'CARD_PINNED' ? last.card.productId : 'another process';
    expect(productIds).toContain(room?.pinnedProductId);
    if (told !== 'another process') expect(room?.pinnedProductId).toBe(told);
    // Every pin but those of what was shown already raised the version, one after the other.
    expect(events.length).toBe(room?.version);
  });

  test('follow the bag: only what is in it, and off the screen when it leaves', async ({
    subgraph,
    expect,
  }) => {
    const { roomId, host, productIds } = await aRoom(subgraph, { products: 2 });
    const [first = '', second = ''] = productIds;
    const none = await tell(subgraph, host, 'pinCard', { roomId, productId: 'prd_none' });
    expect(none.userErrors).toMatchObject([{ code: 'PRODUCT_NOT_IN_BAG', retryable: false }]);

    await tell(subgraph, host, 'pinCard', { roomId, productId: first });
    const reordered = await tell(subgraph, host, 'reorderBag', {
      roomId,
      productIds: [second, first],
    });
    expect(reordered.room.bag.nodes).toEqual([
      { product: { id: second }, isPinned: false },
      { product: { id: first }, isPinned: true },
    ]);
    const removed = await tell(subgraph, host, 'removeFromBag', { roomId, productId: first });
    expect(removed.room).toMatchObject({ pinned: null, version: 4 });
    const added = await tell(subgraph, host, 'addToBag', { roomId, productIds: [first] });
    expect(added.room.bag.nodes.map(({ product }: { product: object }) => product)).toEqual([
      { id: second },
      { id: first },
    ]);
    const unpinned = await tell(subgraph, host, 'unpinCard', { roomId });
    expect(unpinned).toMatchObject({ room: { version: 5 }, userErrors: [] });
  });
});

describe('rights', () => {
  test('belong to the host, partly to moderators, and to nobody else', async ({
    subgraph,
    expect,
  }) => {
    const { roomId, host, productIds } = await aRoom(subgraph);
    const moderator = await aPerson(subgraph, 'Mo');
    const stranger = await aPerson(subgraph, 'Sam');
    const pin = { roomId, productId: productIds[0] };
    await expect(tell(subgraph, stranger, 'pinCard', pin)).rejects.toThrow('may not');
    await expect(tell(subgraph, stranger, 'endLiveRoom', { roomId })).rejects.toThrow('may not');
    const appoint = { roomId, userId: moderator.userId };
    await expect(tell(subgraph, stranger, 'addModerator', appoint)).rejects.toThrow('may not');
    await tell(subgraph, host, 'addModerator', appoint);
    expect(await tell(subgraph, moderator, 'pinCard', pin)).toMatchObject({ userErrors: [] });
    await expect(tell(subgraph, moderator, 'endLiveRoom', { roomId })).rejects.toThrow('may not');
    const none = await tell(subgraph, host, 'pinCard', { ...pin, roomId: 'liv_none' });
    expect(none.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'roomId'] }]);
  });

  test('include silencing a viewer, which everybody hears once', async ({ subgraph, expect }) => {
    const { roomId, host } = await aRoom(subgraph);
    const viewer = await aPerson(subgraph, 'Loud');
    const listener = await listen(subgraph, roomId, '1-0');
    const mute = { roomId, userId: viewer.userId };
    await Promise.all([
      tell(subgraph, host, 'muteViewer', mute),
      tell(subgraph, host, 'muteViewer', mute),
    ]);
    const silenced = await say(subgraph, viewer, { subjectId: roomId, text: 'hey' });
    expect(silenced.userErrors).toMatchObject([{ code: 'VIEWER_MUTED' }]);
    const self = await tell(subgraph, host, 'muteViewer', { roomId, userId: host.userId });
    expect(self.userErrors).toMatchObject([{ code: 'CANNOT_MUTE_CREW' }]);
    await tell(subgraph, host, 'endLiveRoom', { roomId });
    expect(await listener.rest()).toMatchObject([
      { __typename: 'ViewerMuted', viewer: { id: viewer.userId }, viewerName: 'Loud' },
      { state: 'ENDED' },
    ]);
  });
});

test('likes survive the loss of Redis up to the last fold, and lists are by viewers', async ({
  subgraph,
  expect,
}) => {
  const { services } = subgraph;
  const quiet = await aRoom(subgraph);
  const busy = await aRoom(subgraph);
  const viewers = await Promise.all([1, 2].map(() => listen(subgraph, busy.roomId)));
  await viewers[0]?.pulse(({ viewerCount }) => viewerCount === 2);
  await tell(subgraph, busy.host, 'likeRoom', { roomId: busy.roomId, count: 30 });
  const rooms = liveRoomStore(services, liveLogStore(services));
  await foldTotals({ rooms, totals: totalsStore(services) });

  const list = await subgraph.execute(
    `{ liveRooms(market: "DE", first: 1) { nodes { id likeCount } pageInfo { hasNextPage endCursor } } }`,
  );
  expect(list.data?.['liveRooms']).toMatchObject({
    nodes: [{ id: busy.roomId, likeCount: 30 }],
    pageInfo: { hasNextPage: true },
  });
  const next = await subgraph.execute(
    'query ($after: String) { liveRooms(market: "DE", first: 1, after: $after) { nodes { id } } }',
    { after: list.data?.['liveRooms'].pageInfo.endCursor },
  );
  expect(next.data?.['liveRooms'].nodes).toEqual([{ id: quiet.roomId }]);

  await services.redis.del(roomKey(services, busy.roomId, 'likes'));
  await tell(subgraph, busy.host, 'likeRoom', { roomId: busy.roomId, count: 1 });
  const after = await subgraph.execute('query ($id: ID!) { liveRoom(id: $id) { likeCount } }', {
    id: busy.roomId,
  });
  expect(after.data?.['liveRoom'].likeCount).toBe(31);
  await Promise.all(viewers.map((viewer) => viewer.leave()));
});

test('likes are counted in moderation, and only while the show goes on', async ({
  subgraph,
  expect,
}) => {
  const { roomId, host } = await aRoom(subgraph);
  const codes: (string | undefined)[] = [];
  const like = async (count: number) =>
    codes.push((await tell(subgraph, host, 'likeRoom', { roomId, count })).userErrors[0]?.code);
  for (const count of [0, 51, 50, 50, 50, 50, 50, 50, 1]) await like(count);
  await tell(subgraph, host, 'endLiveRoom', { roomId });
  await like(1);
  expect(codes).toEqual([
    'COUNT_OUT_OF_RANGE',
    'COUNT_OUT_OF_RANGE',
    ...Array.from({ length: 6 }, () => undefined),
    'RATE_LIMITED',
    'ROOM_ENDED',
  ]);
});
