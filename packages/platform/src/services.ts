import { type Clock, systemClock } from '@vitrine/kernel/clock';
import { idMaker, type NewId } from '@vitrine/kernel/id';
import type { Env } from './env.ts';
import type { Logger } from './logger.ts';
import { type Connection, openMongo } from './mongo.ts';
import { openQueues, type Queues } from './queues.ts';
import { openRedis, type Redis, whenReady } from './redis.ts';
import { watchServices } from './service-metrics.ts';
import { type Closable, closeAll } from './shutdown.ts';
import type { OwnerName } from './subgraph.ts';

/** Everything a subgraph's code may use of the outside world, opened once per process and subgraph. */
export interface Services extends Closable {
  readonly subgraph: OwnerName;
  readonly env: Env;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
  /** The subgraph's own database; nobody else has it. */
  readonly db: Connection;
  /** Fails fast while Redis is away. */
  readonly redis: Redis;
  /** A connection of its own that waits for Redis: for subscribers and blocking reads. Close it yourself. */
  openBlockingRedis(): Redis;
  readonly queues: Queues;
  /** A Redis key or channel of this platform: `key('room', id)` is `vitrine:social:room:<id>`. */
  key(...parts: readonly string[]): string;
}

export interface ServicesOptions {
  readonly env: Env;
  readonly mongoUrl: string;
  readonly redisUrl: string;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly newId?: NewId;
}

export const databaseName = (namespace: string, subgraph: OwnerName): string =>
  `${namespace}_${subgraph}`;

export async function openServices(
  subgraph: OwnerName,
  { env, mongoUrl, redisUrl, logger, clock = systemClock, newId = idMaker() }: ServicesOptions,
): Promise<Services> {
  const own = logger.child({ subgraph });
  const db = await openMongo(mongoUrl, databaseName(env.NAMESPACE, subgraph));
  const redis = openRedis(redisUrl, 'command', own);
  await whenReady(redis);
  const queues = openQueues(redis, env.NAMESPACE);
  const unwatch = watchServices({ subgraph, db, redis });
  return {
    subgraph,
    env,
    logger: own,
    clock,
    newId,
    db,
    redis,
    queues,
    openBlockingRedis: () => openRedis(redisUrl, 'blocking', own),
    key: (...parts) => [env.NAMESPACE, subgraph, ...parts].join(':'),
    close: () => {
      unwatch();
      return closeAll(
        [{ close: () => db.close() }, { close: async () => redis.disconnect() }, queues],
        own,
        env.SHUTDOWN_SECONDS * 1_000,
      );
    },
  };
}
