import { transact } from '@vitrine/platform/outbox/transact';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { social } from '../index.ts';
import type { LiveEventBody } from '../live/live-event.ts';
import { aRoom, listen, say } from '../world.fixture.ts';
import { liveLogStore } from './live-log.store.ts';
import { liveStream } from './live-stream.redis.ts';
import { roomKey } from './room-keys.redis.ts';

const test = subgraphTest(social);

const unpinned = (productId: string): LiveEventBody => ({ type: 'CARD_UNPINNED', productId });

/** Commits entries and dies before they are streamed, as a killed process would. */
async function commitUnstreamed(
  { services }: TestSubgraph,
  roomId: string,
  bodies: readonly LiveEventBody[],
): Promise<void> {
  await transact(services, (tx) =>
    liveLogStore(services).record({ ...tx, afterCommit: () => {} }, roomId, bodies),
  );
}

const streamed = async ({ services }: TestSubgraph, roomId: string): Promise<number[]> =>
  (await liveStream(services).readAfter(roomId, 0, 1_000)).map(({ sequence }) => sequence);

const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

test('entries committed by racing transactions of several processes are numbered without gaps, and streamed in order', async ({
  subgraph,
  expect,
}) => {
  const { roomId } = await aRoom(subgraph);
  const processes = [1, 2, 3].map(() => liveLogStore(subgraph.services));
  await Promise.all(
    processes.flatMap((log) =>
      upTo(8).map((at) =>
        log.transact(roomId, (tx) => log.record(tx, roomId, [unpinned(`p${at}`)])),
      ),
    ),
  );
  const [log] = processes;
  const entries = (await log?.readLast(roomId, 100)) ?? [];
  expect(entries.map(({ sequence }) => sequence)).toEqual(upTo(25));
  expect(await streamed(subgraph, roomId)).toEqual(upTo(25));
});

test('what a killed process has committed but not streamed is streamed by a sweep, in order and once', async ({
  subgraph,
  expect,
}) => {
  const { roomId } = await aRoom(subgraph);
  const log = liveLogStore(subgraph.services);
  const listener = await listen(subgraph, roomId, '1-0');
  await commitUnstreamed(subgraph, roomId, [unpinned('p2'), unpinned('p3')]);
  await commitUnstreamed(subgraph, roomId, [unpinned('p4')]);
  expect(await streamed(subgraph, roomId)).toEqual([1]);

  await Promise.all([log.sweep(), log.sweep()]);
  await log.sweep();
  expect(await streamed(subgraph, roomId)).toEqual(upTo(4));
  expect((await listener.take(3)).map(({ cursor }) => cursor)).toEqual(['2-0', '3-0', '4-0']);
  await listener.leave();
});

test('the next write streams what the killed process left behind before its own', async ({
  subgraph,
  expect,
}) => {
  const { roomId, host } = await aRoom(subgraph);
  await commitUnstreamed(subgraph, roomId, [unpinned('p2')]);
  await say(subgraph, host, { subjectId: roomId, text: 'third' });
  expect(await streamed(subgraph, roomId)).toEqual([1, 2, 3]);
});

test('the worker sweeps by itself', async ({ subgraph, expect }) => {
  const { roomId } = await aRoom(subgraph);
  subgraph.work();
  await commitUnstreamed(subgraph, roomId, [unpinned('p2')]);
  await expect.poll(() => streamed(subgraph, roomId), { timeout: 5_000 }).toEqual([1, 2]);
});

test('a lost stream loses nothing: cursors go on, and the sweep builds it again', async ({
  subgraph,
  expect,
}) => {
  const { roomId, host } = await aRoom(subgraph);
  const { services } = subgraph;
  await say(subgraph, host, { subjectId: roomId, text: 'second' });
  await services.redis.del(roomKey(services, roomId, 'events'));

  const resumed = await listen(subgraph, roomId, '1-0');
  expect(await resumed.take(1)).toMatchObject([{ cursor: '2-0', comment: { text: 'second' } }]);
  await say(subgraph, host, { subjectId: roomId, text: 'third' });
  expect(await resumed.take(1)).toMatchObject([{ cursor: '3-0' }]);
  await resumed.leave();
  expect(await streamed(subgraph, roomId)).toEqual([1, 2, 3]);

  await services.redis.del(roomKey(services, roomId, 'events'));
  await liveLogStore(services).sweep();
  expect(await streamed(subgraph, roomId)).toEqual([1, 2, 3]);
});

test('a cursor older than the stream is served from MongoDB, without a gap', async ({
  subgraph,
  expect,
}) => {
  const { roomId } = await aRoom(subgraph);
  const { services } = subgraph;
  const log = liveLogStore(services);
  const bodies = upTo(300).map((at) => unpinned(`p${at}`));
  await log.transact(roomId, (tx) => log.record(tx, roomId, bodies));
  // What trimming does.
  await services.redis.xtrim(roomKey(services, roomId, 'events'), 'MAXLEN', '=', 20);
  const listener = await listen(subgraph, roomId, '1-0');
  const cursors = (await listener.take(300)).map(({ cursor }) => cursor);
  await listener.leave();
  expect(cursors).toEqual(bodies.map((_, at) => `${at + 2}-0`));
});

test('nothing is recorded after the end of the show, but late orders are counted', async ({
  subgraph,
  expect,
}) => {
  const { roomId } = await aRoom(subgraph, { state: 'ENDED' });
  const log = liveLogStore(subgraph.services);
  const late = await log.transact(roomId, (tx) => log.record(tx, roomId, [unpinned('p')], 1));
  expect(late).toBeNull();
  expect(await log.head(roomId)).toMatchObject({ sequence: 2, isClosed: true, orderCount: 1 });
});

test('an aborted transaction leaves no trace and no hole', async ({ subgraph, expect }) => {
  const { roomId } = await aRoom(subgraph);
  const log = liveLogStore(subgraph.services);
  const failing = log.transact(roomId, async (tx) => {
    await log.record(tx, roomId, [unpinned('lost')]);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  await log.transact(roomId, (tx) => log.record(tx, roomId, [unpinned('kept')]));
  expect(await log.readAfter(roomId, 1, 10)).toMatchObject([
    { sequence: 2, body: { productId: 'kept' } },
  ]);
});
