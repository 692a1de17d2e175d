import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { openBenchWorld } from '../bench-world.ts';
import { cpuDuring } from '../cpu.ts';
import { type BenchResult, median } from '../figures.ts';

const SOCKETS = 2_000;
const EVENTS = 60;
const OPENING_AT_ONCE = 100;

const EVENTS_OF_ROOM = `subscription ($roomId: ID!) {
  liveRoomEvents(roomId: $roomId) {
    ... on OrderedLiveEvent { cursor at }
    ... on CommentPosted { authorName comment { id text } }
  }
}`;
const COMMENT = `mutation ($input: PostCommentInput!) {
  postComment(input: $input) { comment { id } userErrors { ... on UserError { code } } }
}`;

/**
 * Events of one room to 2,000 WebSockets in one gateway process, each event a comment posted
 * through the graph: mutation, store, Redis and fan-out together. `fanout` measures the last alone.
 */
export async function benchRoom(say: (line: string) => void): Promise<BenchResult> {
  const bench = await openBenchWorld();
  try {
    const platform = await bench.start('in-process');
    const room = bench.world.rooms.find(({ state }) => state === 'LIVE');
    if (!room) throw new Error('the demo has a live room');
    const audience = await connect(platform.url.replace(/^http/, 'ws'), (socket, id) => {
      socket.send(JSON.stringify({ type: 'connection_init' }));
      socket.once('message', () =>
        socket.send(
          JSON.stringify({
            id,
            type: 'subscribe',
            payload: { query: EVENTS_OF_ROOM, variables: { roomId: room.roomId } },
          }),
        ),
      );
    });
    say(`${SOCKETS} sockets subscribed`);
    const talkers = await Promise.all(
      bench.world.buyers.slice(0, EVENTS / 2).map(({ userId }) => bench.clientOf(platform, userId)),
    );
    const post = (index: number, mark: string) =>
      talkers[index % talkers.length]?.run(COMMENT, {
        input: {
          subjectId: room.roomId,
          text: `${mark} ${'x'.repeat(60)}`,
          idempotencyKey: randomUUID(),
        },
      });

    const warm = `warm-${randomUUID()}`;
    const warmed = audience.all(warm, 1);
    await post(0, warm);
    await warmed;

    const alone: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const mark = `one-${randomUUID()}`;
      const arrived = audience.all(mark, 1);
      const start = performance.now();
      await post(index + 1, mark);
      await arrived;
      alone.push(performance.now() - start);
    }

    const mark = `many-${randomUUID()}`;
    const arrived = audience.all(mark, EVENTS);
    const start = performance.now();
    const [cpu = Number.NaN] = await cpuDuring([platform.process('gateway').pid ?? 0], async () => {
      await Promise.all(Array.from({ length: EVENTS }, async (_, index) => post(index, mark)));
      await arrived;
    });
    const seconds = (performance.now() - start) / 1_000;
    audience.close();
    return {
      name: 'room',
      figures: [
        {
          label: `comments until all ${SOCKETS} sockets have them`,
          value: EVENTS / seconds,
          unit: 'events/s',
        },
        { label: 'messages', value: (EVENTS * SOCKETS) / seconds, unit: 'messages/s' },
        {
          label: 'CPU of the gateway',
          value: (cpu * 1_000) / (EVENTS * SOCKETS),
          unit: 'µs/message',
        },
        { label: 'one comment until all have it, median', value: median(alone), unit: 'ms' },
      ],
    };
  } finally {
    await bench.stop();
  }
}

interface Audience {
  /** Resolves when every socket has received `count` more messages that hold the mark. */
  all(mark: string, count: number): Promise<void>;
  close(): void;
}

async function connect(
  url: string,
  onOpen: (socket: WebSocket, id: string) => void,
): Promise<Audience> {
  const sockets: WebSocket[] = [];
  let waiting: { mark: Buffer; left: number; done: () => void } | null = null;
  for (let at = 0; at < SOCKETS; at += OPENING_AT_ONCE) {
    const opening = Array.from({ length: OPENING_AT_ONCE }, (_, index) => {
      const socket = new WebSocket(url, 'graphql-transport-ws');
      socket.on('message', (message: Buffer) => {
        if (!waiting || !message.includes(waiting.mark)) return;
        waiting.left -= 1;
        if (waiting.left === 0) waiting.done();
      });
      sockets.push(socket);
      return once(socket, 'open').then(() => onOpen(socket, String(at + index)));
    });
    await Promise.all(opening);
  }
  return {
    all: (mark, count) =>
      new Promise((done) => {
        waiting = { mark: Buffer.from(mark), left: count * SOCKETS, done };
      }),
    close() {
      for (const socket of sockets) socket.terminate();
    },
  };
}
