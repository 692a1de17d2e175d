import type { Redis } from '@vitrine/platform/redis';
import type { Services } from '@vitrine/platform/services';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { social } from '../index.ts';
import { liveLogStore } from '../log/live-log.store.ts';
import { liveRoomStore } from '../rooms/live-room.store.ts';
import { totalsStore } from '../totals/room-totals.redis.ts';
import { aPerson, aRoom, say } from '../world.fixture.ts';
import { type LiveHub, liveHub } from './live.hub.ts';
import type { LiveEventBody, LiveMessage } from './live-event.ts';

const test = subgraphTest(social);

/** The hub of another process over the same database and Redis. */
function anotherProcess(services: Services): LiveHub {
  const log = liveLogStore(services);
  const rooms = liveRoomStore(services, log);
  return liveHub(services, { rooms, log, totals: totalsStore(services) });
}

async function until(
  stream: AsyncGenerator<LiveMessage, void, void>,
  isWanted: (message: LiveMessage) => boolean,
): Promise<LiveMessage[]> {
  const seen: LiveMessage[] = [];
  for (;;) {
    const { value, done } = await stream.next();
    if (done) return seen;
    seen.push(value);
    if (isWanted(value)) return seen;
  }
}

const hasViewers = (count: number) => (message: LiveMessage) =>
  message.kind === 'PULSE' && message.viewerCount === count;

const unpinned = (at: number): LiveEventBody => ({ type: 'CARD_UNPINNED', productId: `prd_${at}` });

test('a broken subscriber connection costs nobody an event', async ({ subgraph, expect }) => {
  const { services } = subgraph;
  const { roomId, host } = await aRoom(subgraph);
  const connections: Redis[] = [];
  const hub = anotherProcess({
    ...services,
    openBlockingRedis() {
      const connection = services.openBlockingRedis();
      connections.push(connection);
      return connection;
    },
  });
  const stream = await hub.join(roomId, '1-0');
  await until(stream, hasViewers(1));
  for (let at = 0; at < 5; at += 1) {
    await say(subgraph, host, { subjectId: roomId, text: `while connected ${at}` });
    connections[0]?.disconnect(true);
    const ana = await aPerson(subgraph);
    await say(subgraph, ana, { subjectId: roomId, text: `while away ${at}` });
  }
  const seen = await until(stream, (message) => 'sequence' in message && message.sequence === 11);
  const sequences = seen.flatMap((message) => ('sequence' in message ? [message.sequence] : []));
  expect(sequences).toEqual(Array.from({ length: 10 }, (_, at) => at + 2));
  expect(connections).toHaveLength(1);
  await stream.return();
});

test('viewers of several processes are counted together, see one order, and get one pulse at a time', async ({
  subgraph,
  expect,
}) => {
  const { services } = subgraph;
  const { roomId } = await aRoom(subgraph);
  const [one, other] = [anotherProcess(services), anotherProcess(services)];
  const mine = await one.join(roomId, '1-0');
  const theirs = await other.join(roomId, '1-0');
  const alsoTheirs = await other.join(roomId, '1-0');
  await until(mine, hasViewers(3));

  const log = liveLogStore(services);
  const bodies = Array.from({ length: 20 }, (_, at) => unpinned(at));
  await log.transact(roomId, (tx) => log.record(tx, roomId, bodies));
  const isLast = (message: LiveMessage) => message.kind === 'EVENT' && message.sequence === 21;
  const seen = await Promise.all([mine, theirs, alsoTheirs].map((own) => until(own, isLast)));
  const orders = seen.map((all) =>
    all.flatMap((message) => (message.kind === 'EVENT' ? [message.sequence] : [])),
  );
  expect(orders[0]).toEqual(Array.from({ length: 20 }, (_, at) => at + 2));
  expect(orders[1]).toEqual(orders[0]);

  await theirs.return();
  const pulses = await until(mine, hasViewers(2));
  // Two processes tick, and still the fall from three to two is told once.
  expect(pulses.filter(({ kind }) => kind === 'PULSE')).toHaveLength(1);
  await Promise.all([mine.return(), alsoTheirs.return()]);
});

test('a viewer of ten thousand unread events is let go with a cursor, and resumes there', async ({
  subgraph,
  expect,
}) => {
  const { services } = subgraph;
  const { roomId } = await aRoom(subgraph);
  const hub = anotherProcess(services);
  const slow = await hub.join(roomId, '1-0');
  const log = liveLogStore(services);
  const record = (from: number, count: number) =>
    log.transact(roomId, (tx) =>
      log.record(
        tx,
        roomId,
        Array.from({ length: count }, (_, at) => unpinned(from + at)),
      ),
    );
  await record(2, 1);
  expect(await slow.next()).toMatchObject({ value: { sequence: 2 } });
  const alsoThere = await hub.join(roomId, '2-0');
  for (let batch = 0; batch < 6; batch += 1) {
    await record(3 + batch * 2_000, 2_000);
    await until(
      alsoThere,
      (message) => 'sequence' in message && message.sequence === 2 + (batch + 1) * 2_000,
    );
  }
  await expect(until(slow, () => false)).rejects.toMatchObject({
    extensions: { code: 'SLOW_CONSUMER', cursor: '2-0' },
  });
  const resumed = await hub.join(roomId, '2-0');
  const rest = await until(
    resumed,
    (message) => 'sequence' in message && message.sequence === 12_002,
  );
  const sequences = rest.flatMap((message) => ('sequence' in message ? [message.sequence] : []));
  expect(sequences).toEqual(Array.from({ length: 12_000 }, (_, at) => at + 3));
  await Promise.all([alsoThere.return(), resumed.return()]);
});

test('a viewer whose cursor could not be checked leaves nothing open', async ({
  subgraph,
  expect,
}) => {
  const { services } = subgraph;
  const { roomId } = await aRoom(subgraph);
  const connections: Redis[] = [];
  const watched: Services = {
    ...services,
    openBlockingRedis() {
      const connection = services.openBlockingRedis();
      connections.push(connection);
      return connection;
    },
  };
  const log = liveLogStore(watched);
  let heads = 0;
  const hub = liveHub(watched, {
    rooms: liveRoomStore(watched, log),
    totals: totalsStore(watched),
    log: {
      ...log,
      // The first look opens the room; the second is for the cursor.
      head: (id) => (++heads === 2 ? Promise.reject(new Error('away')) : log.head(id)),
    },
  });
  await expect(hub.join(roomId, '9-0')).rejects.toThrow('away');
  await expect.poll(() => connections.map(({ status }) => status)).toEqual(['end']);
  await expect(hub.join(roomId, '9-0')).rejects.toMatchObject({
    extensions: { code: 'CURSOR_INVALID' },
  });
  await expect.poll(() => connections.map(({ status }) => status)).toEqual(['end', 'end']);
});
