import type { Logger } from '@vitrine/platform/logger';
import type { Redis } from '@vitrine/platform/redis';
import type { Closable } from '@vitrine/platform/shutdown';
import { LRUCache } from 'lru-cache';
import { settlements, throttleKeys } from '../limit-metrics.ts';
import {
  type Allowance,
  add,
  allowanceOf,
  type Bucket,
  emptyMirror,
  hear,
  leak,
  type Mirror,
  pour,
} from './bucket.ts';
import { type Poured, pourInRedis } from './bucket-script.ts';
import { within } from './within.ts';

/**
 * Buckets in Redis, decided from a mirror in this process. The first cost of a key waits for Redis;
 * later ones do not, and Redis is told every `settleMs` in one round trip, with the level that other
 * processes made of it as the answer.
 *
 * How much too much may pass: a process takes at most `blindShare` of a bucket without asking, so
 * `processes × blindShare × maximum` over what one process would allow. It is a debt in Redis and is
 * paid off before anything is allowed again: over time the rate is exact.
 *
 * While Redis is away each process goes by its own mirror, so a key has as many buckets as there are
 * processes; what is in them is told when Redis is back. What was under way when it began to hang may
 * be counted twice, so the error is on the side of refusing.
 */
export interface Throttle extends Closable {
  /** A value where the mirror knows the key, a promise where Redis is asked. Never rejects. */
  take(bucket: Bucket, cost: number): Allowance | Promise<Allowance>;
  /** Corrects what was taken when the actual cost is known. */
  settle(bucket: Bucket, requested: number, actual: number): void;
  /** What this process believes is left, or null where it has not seen the key. */
  peek(bucket: Bucket): number | null;
  /** Tells Redis now. */
  flush(): Promise<void>;
  /** Keys in the mirror. */
  readonly size: number;
}

export interface ThrottleOptions {
  /** Without one each process goes by itself. */
  readonly redis: Redis | null;
  /** Put before every key. */
  readonly namespace: string;
  readonly logger: Logger;
  /** Those not used for longest are forgotten, with at most one interval of what they took. */
  readonly maxKeys?: number;
  readonly settleMs?: number;
  /** A cost is decided by the mirror when Redis takes longer. */
  readonly waitMs?: number;
  readonly blindShare?: number;
  /** Milliseconds; any monotonic clock. */
  readonly now?: () => number;
}

/** One script call blocks Redis for about ten microseconds a key. */
const KEYS_PER_CALL = 200;
/** How long Redis is left alone after it has failed. */
const AWAY_MS = 1_000;

export function openThrottle({
  redis,
  namespace,
  logger,
  maxKeys = 50_000,
  settleMs = 100,
  waitMs = 100,
  blindShare = 1 / 8,
  now = () => performance.now(),
}: ThrottleOptions): Throttle {
  const prefix = `${namespace}:gateway:throttle:`;
  const untold = new Map<string, { readonly bucket: Bucket; readonly mirror: Mirror }>();
  const mirrors = new LRUCache<string, Mirror>({
    max: maxKeys,
    dispose: (_mirror, key) => {
      untold.delete(key);
      throttleKeys.dec();
    },
  });
  let awayUntil = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> | null = null;
  let isClosed = false;

  const mirrorOf = (key: string): Mirror => {
    let mirror = mirrors.get(key);
    if (!mirror) {
      mirror = emptyMirror(now());
      mirrors.set(key, mirror);
      throttleKeys.inc();
    }
    return mirror;
  };
  const reachable = (): Redis | null =>
    redis?.status === 'ready' && now() >= awayUntil ? redis : null;
  const lost = (error: unknown): void => {
    settlements.inc({ outcome: 'failed' });
    if (now() >= awayUntil) logger.warn({ err: error }, 'throttling goes by this process alone');
    awayUntil = now() + AWAY_MS;
  };
  const tellLater = (bucket: Bucket, mirror: Mirror): void => {
    if (!redis || isClosed || !mirrors.has(bucket.key)) return;
    untold.set(bucket.key, { bucket, mirror });
    timer ??= setTimeout(() => void flush(), settleMs).unref();
  };

  const takeHere = (bucket: Bucket, mirror: Mirror, cost: number): Allowance => {
    const allowance = pour(mirror, bucket, cost);
    if (allowance.isAllowed && cost !== 0) tellLater(bucket, mirror);
    return allowance;
  };

  /** Moves `told` and the cost in question between the mirror's accounts while Redis answers. */
  const tell = async (
    redis: Redis,
    pours: readonly { readonly bucket: Bucket; readonly mirror: Mirror; readonly cost: number }[],
  ): Promise<readonly Poured[]> => {
    const sent = pours.map(({ bucket, mirror, cost }) => {
      leak(mirror, bucket, now());
      const told = mirror.untold;
      mirror.untold = 0;
      mirror.inFlight += told + cost;
      mirror.level += cost;
      return { bucket, mirror, told, cost };
    });
    try {
      const answers = await within(pourInRedis(redis, prefix, sent), waitMs);
      for (const [index, { mirror, told, cost }] of sent.entries()) {
        mirror.inFlight -= told + cost;
        hear(mirror, answers[index]?.level ?? 0, now());
      }
      settlements.inc({ outcome: 'done' });
      return answers;
    } catch (error) {
      for (const { mirror, told, cost } of sent) {
        mirror.inFlight -= told + cost;
        mirror.level = Math.max(0, mirror.level - cost);
        mirror.untold += told;
      }
      lost(error);
      throw error;
    }
  };

  const ask = async (
    redis: Redis,
    bucket: Bucket,
    mirror: Mirror,
    cost: number,
  ): Promise<Allowance> => {
    try {
      const [poured] = await tell(redis, [{ bucket, mirror, cost }]);
      return allowanceOf(mirror.level, bucket, poured?.fits ? null : cost);
    } catch {
      leak(mirror, bucket, now());
      return takeHere(bucket, mirror, cost);
    }
  };

  const flushNow = async (): Promise<void> => {
    const reached = reachable();
    if (!reached) return;
    const all = [...untold.values()];
    untold.clear();
    for (let from = 0; from < all.length; from += KEYS_PER_CALL) {
      const some = all.slice(from, from + KEYS_PER_CALL).map((each) => ({ ...each, cost: 0 }));
      try {
        await tell(reached, some);
      } catch {
        for (const { bucket, mirror } of all.slice(from)) tellLater(bucket, mirror);
        return;
      }
    }
  };
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    // One that is under way has left without what was taken since.
    while (flushing) await flushing;
    flushing = flushNow().finally(() => {
      flushing = null;
    });
    await flushing;
    if (untold.size > 0 && !isClosed) {
      const pause = reachable() ? settleMs : AWAY_MS;
      timer ??= setTimeout(() => void flush(), pause).unref();
    }
  };

  return {
    take(bucket, cost) {
      const reached = reachable();
      const known = mirrors.get(bucket.key);
      const mirror = known ?? mirrorOf(bucket.key);
      leak(mirror, bucket, now());
      if (!reached) return takeHere(bucket, mirror, cost);
      if (!known) return ask(reached, bucket, mirror, cost);
      const fits = mirror.level + cost <= bucket.maximum;
      const isStale = now() - mirror.heardAt > settleMs;
      const isBlind = mirror.untold + mirror.inFlight + cost > bucket.maximum * blindShare;
      if (fits ? isBlind : isStale) return ask(reached, bucket, mirror, cost);
      return takeHere(bucket, mirror, cost);
    },
    settle(bucket, requested, actual) {
      if (actual === requested) return;
      const known = mirrors.get(bucket.key);
      // Nothing to give back of a key that was forgotten meanwhile: its bucket fills by itself.
      if (!known && actual < requested) return;
      const mirror = known ?? mirrorOf(bucket.key);
      leak(mirror, bucket, now());
      add(mirror, actual - requested);
      tellLater(bucket, mirror);
    },
    peek(bucket) {
      const mirror = mirrors.get(bucket.key);
      if (!mirror) return null;
      leak(mirror, bucket, now());
      return allowanceOf(mirror.level, bucket, null).available;
    },
    flush,
    get size() {
      return mirrors.size;
    },
    async close() {
      isClosed = true;
      await flush();
      clearTimeout(timer);
      throttleKeys.dec(mirrors.size);
    },
  };
}
