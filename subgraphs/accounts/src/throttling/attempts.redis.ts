import { createHash } from 'node:crypto';
import { SECOND } from '@vitrine/kernel/clock';
import { networkOf } from '@vitrine/platform/client-network';
import type { Services } from '@vitrine/platform/services';
import { attemptsCountedAlone, attemptsRefused } from './attempts.metrics.ts';
import {
  type Attempt,
  type Attempts,
  type Count,
  counted,
  givenBack,
  type Limit,
  limits,
  MEMORY_MS,
  NO_ATTEMPTS,
  type TooManyAttempts,
} from './attempts.ts';

/**
 * Looks at all counts before it changes one, in one step, so that many calls at once cannot each be
 * the last free one. Says for how many milliseconds to wait; 0 where the attempt is counted. The
 * arithmetic is that of `counted`.
 */
const BEGIN = `
local now, memory = tonumber(ARGV[1]), tonumber(ARGV[2])
local wait, made = 0, {}
for i, key in ipairs(KEYS) do
  local count = redis.call('HMGET', key, 'attempts', 'pausedUntil')
  made[i] = (tonumber(count[1]) or 0) + 1
  wait = math.max(wait, (tonumber(count[2]) or 0) - now)
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  local free, pause, longest = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2])
  local pausedUntil = 0
  if made[i] >= free then
    pausedUntil = now + math.min(pause * 2 ^ math.min(made[i] - free, 30), longest)
  end
  redis.call('HSET', key, 'attempts', made[i], 'pausedUntil', string.format('%d', pausedUntil))
  redis.call('PEXPIRE', key, memory)
end
return 0
`;

const SUCCEEDED = `
redis.call('DEL', KEYS[1])
if KEYS[2] and redis.call('EXISTS', KEYS[2]) == 1 then
  if redis.call('HINCRBY', KEYS[2], 'attempts', -1) < 0 then redis.call('HSET', KEYS[2], 'attempts', 0) end
  redis.call('HSET', KEYS[2], 'pausedUntil', 0)
end
`;

/** Most counts that a process keeps by itself while Redis is away. */
const MOST_LOCAL = 50_000;

/**
 * Counts in Redis, for all processes together. While Redis is away each process counts by itself:
 * somebody who guesses gets as many attempts as there are processes, and nobody is let in unchecked.
 */
export function redisAttempts({
  redis,
  key,
  clock,
  logger,
}: Pick<Services, 'redis' | 'key' | 'clock' | 'logger'>): Attempts {
  const local = localAttempts(clock);

  return {
    async begin(attempt) {
      const refusal = await beginIn(attempt);
      if (refusal) attemptsRefused.inc({ kind: attempt.kind });
      return refusal;
    },
    async succeeded(attempt) {
      await local.succeeded(attempt);
      const keys = countsOf(attempt).map(({ name }) => key('attempts', name));
      // A count that stays is forgotten by itself; a sign-in must not fail by it.
      await redis.eval(SUCCEEDED, keys.length, ...keys).catch((error: unknown) => {
        logger.debug({ err: error }, 'an attempt was not given back');
      });
    },
  };

  async function beginIn(attempt: Attempt): Promise<TooManyAttempts | null> {
    const counts = countsOf(attempt);
    try {
      const wait = await redis.eval(
        BEGIN,
        counts.length,
        ...counts.map(({ name }) => key('attempts', name)),
        clock().getTime(),
        MEMORY_MS,
        ...counts.flatMap(({ limit }) => [limit.free, limit.pauseMs, limit.longestPauseMs]),
      );
      return refusalAfter(Number(wait));
    } catch (error) {
      logger.debug({ err: error }, 'attempts are counted by this process alone');
      attemptsCountedAlone.inc();
      return local.begin(attempt);
    }
  }
}

/** Counts in this process. The oldest count is forgotten when there are too many. */
export function localAttempts(clock: () => Date): Attempts {
  const counts = new Map<string, Count>();
  return {
    async begin(attempt) {
      const now = clock().getTime();
      const own = countsOf(attempt);
      const wait = Math.max(
        ...own.map(({ name }) => (counts.get(name) ?? NO_ATTEMPTS).pausedUntil - now),
      );
      if (wait > 0) return refusalAfter(wait);
      for (const { name, limit } of own) {
        const next = counted(counts.get(name) ?? NO_ATTEMPTS, limit, now);
        counts.delete(name);
        counts.set(name, next);
        const [oldest] = counts.keys();
        if (counts.size > MOST_LOCAL && oldest !== undefined) counts.delete(oldest);
      }
      return null;
    },
    async succeeded(attempt) {
      const [account, client] = countsOf(attempt);
      if (account) counts.delete(account.name);
      const known = client && counts.get(client.name);
      if (client && known) counts.set(client.name, givenBack(known));
    },
  };
}

const refusalAfter = (waitMs: number): TooManyAttempts | null =>
  waitMs > 0 ? { retryAfterSeconds: Math.ceil(waitMs / SECOND) } : null;

/** The counts of an attempt, by names that tell no address to whoever reads Redis. */
function countsOf({ kind, account, address }: Attempt): { name: string; limit: Limit }[] {
  const { account: ofAccount, client } = limits[kind];
  return [
    { name: `${kind}:account:${hashOf(account)}`, limit: ofAccount },
    ...(address === null
      ? []
      : [{ name: `${kind}:client:${hashOf(networkOf(address))}`, limit: client }]),
  ];
}

const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22);
