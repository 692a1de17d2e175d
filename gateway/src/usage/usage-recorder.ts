import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '@vitrine/kernel/clock';
import type { Logger } from '@vitrine/platform/logger';
import type { Redis } from '@vitrine/platform/redis';
import type { Closable } from '@vitrine/platform/shutdown';
import type { GraphQLSchema } from 'graphql';
import type { Operation } from '../execution/operations.ts';
import { type Client, clientBook } from './clients.ts';
import { coordinatesOf } from './coordinates.ts';
import { type Chunk, usageBuffer } from './usage-buffer.ts';
import { DAYS_IN_REDIS, dayOf, usageKeys } from './usage-keys.ts';

export interface UsageRecorderOptions {
  /** A connection that fails fast; null counts nothing. */
  readonly redis: Redis | null;
  readonly namespace: string;
  /** The whole graph; operations of contracts are operations of it, too. */
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** How often counts go to Redis. */
  readonly flushMs?: number;
}

/** Counts what clients use of the graph. */
export interface UsageRecorder extends Closable {
  /** Once per operation of a client; costs well under a microsecond once the operation is known. */
  record(operation: Operation, client: Client): void;
  /** A new supergraph has taken over. */
  useSchema(schema: GraphQLSchema): void;
  /** Sends what was counted. Never rejects: what does not arrive is kept and sent later. */
  flush(): Promise<void>;
}

const FLUSH_MS = 5_000;
/** Of operations and clients together, between two flushes; beyond it they are summed up at once. */
const MAX_COUNTERS = 20_000;
const MAX_OPERATIONS = 5_000;

interface Used {
  readonly coordinates: readonly string[];
  readonly counts: Map<Client, { count: number }>;
}

/**
 * A chunk is applied once, whatever becomes of its answer: the receipt says which number came last.
 * KEYS: counters, receipt. ARGV: number, seconds to live, then fields and counts.
 */
const APPLY = `
if tonumber(ARGV[1]) <= tonumber(redis.call('GET', KEYS[2]) or '0') then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
for i = 3, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1`;

const nothing: UsageRecorder = {
  record: () => {},
  useSchema: () => {},
  flush: async () => {},
  close: async () => {},
};

export function usageRecorder({
  redis,
  namespace,
  schema: firstSchema,
  logger,
  clock = systemClock,
  flushMs = FLUSH_MS,
}: UsageRecorderOptions): UsageRecorder {
  if (!redis) return nothing;
  const keys = usageKeys(namespace);
  const receipt = keys.receipt(randomUUID());
  const clients = clientBook();
  const buffer = usageBuffer();
  const operations = new Map<string, Used>();
  /** One string per coordinate, however many operations use it. */
  const interned = new Map<string, string>();
  let schema = firstSchema;
  let counters = 0;
  let day = dayOf(clock());
  let sending: Promise<void> | null = null;
  let isLost = false;

  const remember = (operation: Operation): Used => {
    if (operations.size >= MAX_OPERATIONS) {
      sumUp();
      operations.clear();
    }
    const coordinates = [...coordinatesOf(schema, operation)].map((coordinate) => {
      const known = interned.get(coordinate);
      if (known === undefined) interned.set(coordinate, coordinate);
      return known ?? coordinate;
    });
    const used: Used = { coordinates, counts: new Map() };
    operations.set(operation.key, used);
    return used;
  };

  function sumUp(): void {
    for (const { coordinates, counts } of operations.values()) {
      for (const [client, { count }] of counts) buffer.add(day, coordinates, client, count);
      counts.clear();
    }
    counters = 0;
    const today = dayOf(clock());
    if (today !== day) clients.clear();
    day = today;
  }

  const send = async ({ number, day: of, pairs }: Chunk): Promise<void> => {
    const seconds = DAYS_IN_REDIS * 86_400;
    await redis.eval(APPLY, 2, keys.counts(of), receipt, number, seconds, ...pairs);
  };

  async function sendAll(): Promise<void> {
    sumUp();
    try {
      for (let chunk = buffer.next(); chunk; chunk = buffer.next()) {
        await send(chunk);
        buffer.arrived();
      }
      isLost = false;
    } catch (error) {
      if (!isLost) logger.warn({ err: error }, 'usage is kept until Redis takes it');
      isLost = true;
    }
  }

  const flush = async (): Promise<void> => {
    sending ??= sendAll().finally(() => {
      sending = null;
    });
    await sending;
  };
  const timer = setInterval(() => void flush(), flushMs);
  timer.unref();

  return {
    record(operation, client) {
      const used = operations.get(operation.key) ?? remember(operation);
      const who = clients.of(client);
      const counter = used.counts.get(who);
      if (counter) {
        counter.count += 1;
        return;
      }
      used.counts.set(who, { count: 1 });
      counters += 1;
      if (counters >= MAX_COUNTERS) sumUp();
    },
    useSchema(next) {
      sumUp();
      operations.clear();
      interned.clear();
      schema = next;
    },
    flush,
    async close() {
      clearInterval(timer);
      // One that is under way has summed up before what was counted last.
      await sending;
      await flush();
    },
  };
}
