import { Redis } from 'ioredis';
import type { Logger } from './logger.ts';

export type { Redis } from 'ioredis';

/**
 * `command`: fails fast, for producers and requests: a call while Redis is away is an error at once.
 * `blocking`: waits, for workers and subscribers: they come back when Redis does.
 */
export type RedisUse = 'command' | 'blocking';

const optionsOf = {
  command: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5_000 },
  blocking: { enableOfflineQueue: true, maxRetriesPerRequest: null },
} satisfies Record<RedisUse, object>;

/** Reconnects for ever, at most every two seconds; logs each change once, not each attempt. */
export function openRedis(url: string, use: RedisUse, logger: Logger): Redis {
  const redis = new Redis(url, {
    ...optionsOf[use],
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000),
  });
  let isLost = false;
  redis.on('error', (error: Error) => {
    if (!isLost) logger.warn({ err: error }, 'Redis is away');
    isLost = true;
  });
  redis.on('ready', () => {
    if (isLost) logger.info('Redis is back');
    isLost = false;
  });
  return redis;
}

/** Resolves when commands can be sent; a producer with `command` use must not start before. */
export const whenReady = (redis: Redis): Promise<void> =>
  redis.status === 'ready'
    ? Promise.resolve()
    : new Promise((resolve) => {
        redis.once('ready', () => resolve());
      });
