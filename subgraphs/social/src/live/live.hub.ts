import { randomUUID } from 'node:crypto';
import { SECOND } from '@vitrine/kernel/clock';
import type { Redis } from '@vitrine/platform/redis';
import type { Services } from '@vitrine/platform/services';
import { GraphQLError } from 'graphql';
import type { LiveLogStore } from '../log/live-log.store.ts';
import { readEvent } from '../log/live-stream.redis.ts';
import { roomKey } from '../log/room-keys.redis.ts';
import type { LiveRooms } from '../rooms/live-room.ts';
import { PULSE_MS, readPulse, type TotalsStore } from '../totals/room-totals.redis.ts';
import { ReaderTooSlow } from './event-queue.ts';
import { cursorOf, type LiveMessage, sequenceOf } from './live-event.ts';
import { type RoomFeed, type RoomReader, roomFeed } from './room-feed.ts';

const RECENT = 256;
/** Joining replays what is not older than this. */
const HISTORY_MS = 60 * SECOND;

/** Joins viewers to rooms. */
export interface LiveHub {
  /** Throws `NOT_FOUND` and `CURSOR_INVALID`; the stream throws `SLOW_CONSUMER` with a cursor to resume from. */
  join(
    roomId: string,
    resumeAfter: string | null,
    /** How many viewers this one stands for. */
    audience?: () => number,
  ): Promise<AsyncGenerator<LiveMessage, void, void>>;
}

const failure = (code: string, message: string, more: object = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...more } });

/** A feed at work. */
interface LiveFeed {
  readonly feed: RoomFeed;
  close(): void;
}

interface OpenFeed {
  readonly live: Promise<LiveFeed>;
  /** Readers, and joins under way. */
  users: number;
}

/**
 * One per process. All viewers of a room in this process share one feed, which is fed by one
 * subscription on the process's one subscriber connection: an event is parsed once, whatever the
 * number of viewers. Nothing is open while nobody watches.
 */
export function liveHub(
  services: Services,
  {
    rooms,
    log,
    totals,
  }: {
    readonly rooms: Pick<LiveRooms, 'findMany'>;
    readonly log: LiveLogStore;
    readonly totals: TotalsStore;
  },
): LiveHub {
  const nodeId = randomUUID();
  const feeds = new Map<string, OpenFeed>();
  /** Feeds that receive, by channel. */
  const receiving = new Map<string, RoomFeed>();
  let subscriber: Redis | null = null;
  // Whoever closes the services has ended the streams before; this is for those who have not.
  services.db.once('close', () => subscriber?.disconnect());

  const onError = (error: unknown): void =>
    services.logger.warn({ err: error }, 'a room feed will catch up later');

  function connect(): Redis {
    const redis = services.openBlockingRedis();
    redis.on('message', (channel: string, text: string) => {
      const feed = receiving.get(channel);
      if (!feed) return;
      const pulse = readPulse(text);
      if (pulse) feed.receivePulse(pulse);
      else feed.receive(readEvent(text));
    });
    // What was published while the connection was down is read from the log.
    redis.on('ready', () => {
      for (const feed of receiving.values()) feed.catchUp().catch(onError);
    });
    return redis;
  }

  async function openFeed(roomId: string): Promise<LiveFeed> {
    const [room] = await rooms.findMany([roomId]);
    if (!room) throw failure('NOT_FOUND', 'This room does not exist.');
    const { likeCount: foldedLikes } = room;
    const channel = roomKey(services, roomId, 'channel');
    const [recent, head] = await Promise.all([log.readLast(roomId, RECENT), log.head(roomId)]);
    let isTicking = false;

    async function tick(): Promise<void> {
      isTicking = true;
      try {
        const streamed = await totals.tick({
          roomId,
          nodeId,
          readers: feed.viewerCount(),
          foldedLikes,
          orderCount: feed.orderCount(),
        });
        if (streamed > feed.lastSequence()) await feed.catchUp();
      } catch (error) {
        services.logger.debug({ err: error }, 'a tick of a room was lost');
      } finally {
        isTicking = false;
      }
    }

    const feed = roomFeed({
      log: { readAfter: (sequence, limit) => log.readAfter(roomId, sequence, limit) },
      recent,
      orderCount: head?.orderCount ?? 0,
      onError,
    });
    receiving.set(channel, feed);
    subscriber ??= connect();
    // Not awaited: with Redis away a viewer still gets the history. What is published before the
    // subscription stands is read once it does, so nothing falls in between.
    subscriber.subscribe(channel).then(() => feed.catchUp().catch(onError), onError);
    const ticking = setInterval(() => {
      if (!isTicking) void tick();
    }, PULSE_MS).unref();
    void tick();
    return {
      feed,
      close() {
        clearInterval(ticking);
        receiving.delete(channel);
        void tick();
        if (receiving.size > 0) subscriber?.unsubscribe(channel).catch(() => {});
        else {
          subscriber?.disconnect();
          subscriber = null;
        }
      },
    };
  }

  /** The room's feed, opened by whoever comes first; `leave` must be called once. */
  async function enter(roomId: string): Promise<{ feed: RoomFeed; leave: () => void }> {
    const open = feeds.get(roomId) ?? { live: openFeed(roomId), users: 0 };
    feeds.set(roomId, open);
    open.users += 1;
    const leave = (): void => {
      open.users -= 1;
      if (open.users > 0) return;
      feeds.delete(roomId);
      open.live.then(
        (live) => live.close(),
        () => {},
      );
    };
    try {
      return { feed: (await open.live).feed, leave };
    } catch (error) {
      leave();
      throw error;
    }
  }

  return {
    async join(roomId, resumeAfter, audience) {
      const after = resumeAfter === null ? null : sequenceOf(resumeAfter);
      if (resumeAfter !== null && after === null) throw cursorInvalid();
      const { feed, leave } = await enter(roomId);
      const historySince = new Date(services.clock().getTime() - HISTORY_MS);
      const start = after === null ? { historySince } : { after };
      const reader = feed.open(start, leave, audience);
      if (after !== null && after > feed.lastSequence()) {
        // Given out by a process that is a moment ahead of this one, or by nobody.
        try {
          const head = await log.head(roomId);
          if (!head || after > head.sequence) throw cursorInvalid();
        } catch (error) {
          // Nobody will ever read it, so nobody else would close it.
          reader.close();
          throw error;
        }
      }
      return streamOf(reader);
    },
  };
}

const cursorInvalid = (): GraphQLError =>
  failure('CURSOR_INVALID', 'This cursor was not given out by this room.');

/** The reader as graphql-js wants it: leaving works at once, even while waiting for an event. */
function streamOf(reader: RoomReader): AsyncGenerator<LiveMessage, void, void> {
  const ended: IteratorReturnResult<void> = { done: true, value: undefined };
  const stream: AsyncGenerator<LiveMessage, void, void> = {
    async next() {
      try {
        const value = await reader.next();
        return value === null ? ended : { done: false, value };
      } catch (error) {
        if (!(error instanceof ReaderTooSlow)) throw error;
        const cursor = reader.position() > 0 ? cursorOf({ sequence: reader.position() }) : null;
        throw failure('SLOW_CONSUMER', 'You read too slowly; resume after the cursor.', { cursor });
      }
    },
    async return() {
      reader.close();
      return ended;
    },
    async throw(error) {
      reader.close();
      throw error;
    },
    [Symbol.asyncIterator]: () => stream,
    [Symbol.asyncDispose]: async () => reader.close(),
  };
  return stream;
}
