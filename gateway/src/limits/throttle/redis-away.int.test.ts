import { randomBytes } from 'node:crypto';
import { openLogger } from '@vitrine/platform/logger';
import { openRedis, type Redis, whenReady } from '@vitrine/platform/redis';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { Bucket } from './bucket.ts';
import { openRelay, type Relay } from './relay.fixture.ts';
import { openThrottle, type Throttle, type ThrottleOptions } from './throttle.ts';

const logger = openLogger({ LOG_LEVEL: 'silent' }, 'test');
const bucket = (key = 'viewer:a'): Bucket => ({
  name: 'viewer',
  key,
  maximum: 1_000,
  restoreRate: 0.001,
});

interface World {
  readonly throttle: Throttle;
  readonly redis: Redis;
  readonly relay: Relay;
  readonly clock: { now: number };
  /** The level of a key, as Redis has it. */
  level(key: string): Promise<number>;
}

/** A throttle whose Redis can be taken away from it. */
async function world(options: Partial<ThrottleOptions> = {}): Promise<World> {
  const namespace = `t${randomBytes(6).toString('hex')}`;
  const clock = { now: 0 };
  const relay = await openRelay(inject('redisUrl'));
  const redis = openRedis(relay.url, 'command', logger);
  const direct = openRedis(inject('redisUrl'), 'command', logger);
  await Promise.all([whenReady(redis), whenReady(direct)]);
  const throttle = openThrottle({ redis, namespace, logger, now: () => clock.now, ...options });
  onTestFinished(async () => {
    await throttle.close();
    redis.disconnect();
    direct.disconnect();
    await relay.cut();
  });
  return {
    throttle,
    redis,
    relay,
    clock,
    level: async (key) =>
      Number(await direct.hget(`${namespace}:gateway:throttle:${key}`, 'level')),
  };
}

test('while Redis is away nobody waits, limits hold in this process, and Redis is told when it is back', async () => {
  const { throttle, redis, relay, clock, level } = await world({ waitMs: 5_000 });
  await throttle.take(bucket(), 100);
  await relay.cut();
  await expect.poll(() => redis.status).not.toBe('ready');

  expect(throttle.take(bucket(), 500)).toMatchObject({ isAllowed: true });
  expect(throttle.take(bucket('viewer:new'), 900)).toMatchObject({ isAllowed: true });
  expect(throttle.take(bucket('viewer:new'), 900)).toMatchObject({ isAllowed: false });
  await throttle.flush();
  expect(await level('viewer:a')).toBe(100);

  await relay.heal();
  await whenReady(redis);
  clock.now += 2_000;
  await throttle.flush();
  expect(await level('viewer:a')).toBeCloseTo(600, 0);
  expect(await level('viewer:new')).toBeCloseTo(900, 0);
});

test('a Redis that hangs costs one request its patience, and no other', async () => {
  const { throttle, redis, relay, clock, level } = await world({ waitMs: 20 });
  relay.freeze();
  const first = throttle.take(bucket(), 100);
  expect(first).toBeInstanceOf(Promise);
  expect(await first).toMatchObject({ isAllowed: true });
  expect(throttle.take(bucket('viewer:b'), 100)).toMatchObject({ isAllowed: true });
  expect(throttle.take(bucket(), 800)).toMatchObject({ isAllowed: true });
  expect(throttle.take(bucket(), 200)).toMatchObject({ isAllowed: false });

  await relay.cut();
  await expect.poll(() => redis.status).not.toBe('ready');
  await relay.heal();
  await whenReady(redis);
  clock.now += 2_000;
  await throttle.flush();
  // What was under way when it began to hang may arrive after all, and counts once more.
  expect(await level('viewer:a')).toBeGreaterThan(899);
  expect(await level('viewer:a')).toBeLessThanOrEqual(1_000);
  expect(await level('viewer:b')).toBeCloseTo(100, 0);
});

test('what is to be told is bounded while Redis is away, by the keys of the mirror and by what runs out', async () => {
  const { throttle, redis, relay, clock, level } = await world({ maxKeys: 50 });
  await relay.cut();
  await expect.poll(() => redis.status).not.toBe('ready');
  const leaking = { ...bucket('guest:x'), restoreRate: 100 };
  for (let second = 0; second < 60; second += 1) {
    clock.now += 1_000;
    for (let at = 0; at < 100; at += 1) await throttle.take(bucket(`guest:${second}:${at}`), 10);
    await throttle.take(leaking, 100);
  }
  expect(throttle.size).toBe(50);

  await relay.heal();
  await whenReady(redis);
  clock.now += 500;
  await throttle.flush();
  // Sixty times a hundred were taken; what is still in the bucket is told.
  expect(await level('guest:x')).toBeGreaterThan(0);
  expect(await level('guest:x')).toBeLessThanOrEqual(100);
});
