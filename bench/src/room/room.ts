import { randomUUID } from 'node:crypto';
import { openBenchWorld } from '../bench-world.ts';
import { cpuDuring } from '../cpu.ts';
import { type BenchResult, median } from '../figures.ts';
import { gather } from './audience.ts';

const SOCKETS = 2_000;
const EVENTS = 60;
/** Without a message for so long something is wrong, and the benchmark says so. */
const PATIENCE_MS = 20_000;

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
    const audience = await gather({
      url: platform.url.replace(/^http/, 'ws'),
      size: SOCKETS,
      payload: { query: EVENTS_OF_ROOM, variables: { roomId: room.roomId } },
      patienceMs: PATIENCE_MS,
    });
    say(`${SOCKETS} sockets opened`);
    const talkers = await Promise.all(
      bench.world.buyers.slice(0, EVENTS / 2).map(({ userId }) => bench.clientOf(platform, userId)),
    );
    const post = async (index: number, mark: string): Promise<void> => {
      const data = await talkers[index % talkers.length]?.run(COMMENT, {
        input: {
          subjectId: room.roomId,
          text: `${mark} ${'x'.repeat(60)}`,
          idempotencyKey: randomUUID(),
        },
      });
      const [refusal] = data?.['postComment']?.userErrors ?? [];
      if (refusal) throw new Error(`a comment was refused: ${refusal.code}`);
    };
    /** Until every socket has them; whatever goes wrong first ends the benchmark. */
    const told = async (mark: string, indexes: readonly number[]): Promise<void> => {
      await Promise.all([
        audience.all(mark, indexes.length),
        ...indexes.map((index) => post(index, mark)),
      ]);
    };

    // Who has not subscribed by now is told it as history, so that after it all are there.
    await told(`warm-${randomUUID()}`, [0]);
    say(`${SOCKETS} sockets subscribed`);

    const alone: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const start = performance.now();
      await told(`one-${randomUUID()}`, [index + 1]);
      alone.push(performance.now() - start);
    }

    const indexes = Array.from({ length: EVENTS }, (_, index) => index);
    const start = performance.now();
    const [cpu = Number.NaN] = await cpuDuring([platform.process('gateway').pid ?? 0], () =>
      told(`many-${randomUUID()}`, indexes),
    );
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
