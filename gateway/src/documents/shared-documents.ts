import type { Logger } from '@vitrine/platform/logger';
import type { Redis } from '@vitrine/platform/redis';
import { hashOf } from '../execution/operations.ts';
import { within } from '../limits/throttle/within.ts';

/** Documents that any gateway has been sent, in Redis; all that fails is that they are not found. */
export interface SharedDocuments {
  find(hash: string): Promise<string | null>;
  keep(hash: string, text: string): void;
}

export interface SharedDocumentsOptions {
  readonly redis: Redis | null;
  readonly namespace: string;
  readonly logger: Logger;
  /** The most that are kept; those found or sent longest ago go first. */
  readonly max?: number;
  /** Everything goes when nobody has sent or looked for anything for so long. */
  readonly ttlSeconds?: number;
  readonly waitMs?: number;
}

/**
 * Anybody can send documents, and Redis is shared with queues that must never find it full: so the
 * number of texts is bounded here and their length by the store.
 */
const KEEP = `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
if over > 0 then
  local popped = redis.call('ZPOPMIN', KEYS[2], over)
  for i = 1, #popped, 2 do redis.call('HDEL', KEYS[1], popped[i]) end
end
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[5])
`;

const FIND = `
local text = redis.call('HGET', KEYS[1], ARGV[1])
if text then
  redis.call('ZADD', KEYS[2], 'XX', ARGV[2], ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  redis.call('EXPIRE', KEYS[2], ARGV[3])
end
return text
`;

export function sharedDocuments({
  redis,
  namespace,
  logger,
  max = 2_000,
  ttlSeconds = 7 * 24 * 3_600,
  waitMs = 100,
}: SharedDocumentsOptions): SharedDocuments {
  const keys = [`${namespace}:gateway:documents:texts`, `${namespace}:gateway:documents:used`];
  const failed = (error: unknown): null => {
    logger.debug({ err: error }, 'persisted documents are away');
    return null;
  };
  return {
    async find(hash) {
      if (redis?.status !== 'ready') return null;
      try {
        const found = await within(
          redis.eval(FIND, 2, ...keys, hash, Date.now(), ttlSeconds),
          waitMs,
        );
        // Whoever else writes to Redis does not choose what a hash stands for.
        return typeof found === 'string' && hashOf(found) === hash ? found : null;
      } catch (error) {
        return failed(error);
      }
    },
    keep(hash, text) {
      if (redis?.status !== 'ready') return;
      redis.eval(KEEP, 2, ...keys, hash, text, Date.now(), max, ttlSeconds).catch(failed);
    },
  };
}
