import { randomBytes } from 'node:crypto';
import { openLogger } from '@vitrine/platform/logger';
import { openRedis, type Redis, whenReady } from '@vitrine/platform/redis';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import type { Allowance, Bucket } from './bucket.ts';
import { openThrottle, type Throttle, type ThrottleOptions } from './throttle.ts';

const logger = openLogger({ LOG_LEVEL: 'silent' }, 'test');
let namespace: string;
let opened: Throttle[];
let connections: Redis[];

beforeEach(() => {
  namespace = `t${randomBytes(6).toString('hex')}`;
  opened = [];
  connections = [];
});
afterEach(async () => {
  for (const throttle of opened) await throttle.close();
  for (const redis of connections) redis.disconnect();
});

/** A gateway's throttle on a connection of its own. */
async function gateway(options: Partial<ThrottleOptions> = {}): Promise<Throttle> {
  const redis = openRedis(inject('redisUrl'), 'command', logger);
  connections.push(redis);
  await whenReady(redis);
  const throttle = openThrottle({ redis, namespace, logger, waitMs: 5_000, ...options });
  opened.push(throttle);
  return throttle;
}

/** So slow that no test lasts long enough for one unit to come back. */
const bucket = (over: Partial<Bucket> = {}): Bucket => ({
  name: 'viewer',
  key: 'viewer:a',
  maximum: 1_000,
  restoreRate: 0.001,
  ...over,
});

const left = async (throttle: Throttle): Promise<number> => {
  const { available } = await throttle.take(bucket(), 0);
  return Math.round(available);
};

test('the first cost of a key waits for Redis, the next are decided at once', async () => {
  const one = await gateway();
  const first = one.take(bucket(), 100);
  expect(first).toBeInstanceOf(Promise);
  expect(await first).toMatchObject({ isAllowed: true });
  expect(one.take(bucket(), 100)).toMatchObject({
    isAllowed: true,
    available: expect.closeTo(800, 2),
  });
});

test('what one gateway takes another knows when it is settled', async () => {
  const [one, two] = [await gateway(), await gateway()];
  await one.take(bucket(), 300);
  await one.take(bucket(), 100);
  expect(await left(two)).toBe(700);
  await one.flush();
  await two.take(bucket(), 50);
  await two.flush();
  await one.take(bucket(), 1);
  await one.flush();
  expect(await left(one)).toBe(549);
});

test('what an operation did not use comes back in Redis', async () => {
  const one = await gateway();
  await one.take(bucket(), 900);
  one.settle(bucket(), 900, 150);
  await one.flush();
  expect(await left(await gateway())).toBe(850);
});

test('settling happens by itself', async () => {
  const one = await gateway({ settleMs: 5 });
  await one.take(bucket(), 100);
  await one.take(bucket(), 50);
  await expect.poll(async () => left(await gateway())).toBe(850);
});

test('a process that ends tells what it took', async () => {
  const one = await gateway({ settleMs: 600_000 });
  await one.take(bucket(), 100);
  await one.take(bucket(), 50);
  await one.close();
  expect(await left(await gateway())).toBe(850);
});

test('a bucket in Redis fills with time and is gone when it is full', async () => {
  const one = await gateway();
  const fast = bucket({ restoreRate: 2_000 });
  await one.take(fast, 1_000);
  await one.flush();
  const [redis] = connections;
  const key = `${namespace}:gateway:throttle:viewer:a`;
  const ttl = (await redis?.pttl(key)) ?? 0;
  expect(ttl).toBeGreaterThan(500);
  expect(ttl).toBeLessThanOrEqual(1_500);
  const other = await gateway();
  await expect
    .poll(async () => Math.round((await other.take(fast, 0)).available), { timeout: 5_000 })
    .toBe(1_000);
});

test('a refusal by an old mirror is asked of Redis before it is given', async () => {
  const clock = { now: 0 };
  const one = await gateway({ now: () => clock.now });
  const two = await gateway();
  await one.take(bucket(), 900);
  await two.take(bucket(), 0);
  two.settle(bucket(), 900, 0);
  await two.flush();
  expect(one.take(bucket(), 500)).toMatchObject({ isAllowed: false });
  clock.now = 200;
  expect(await one.take(bucket(), 500)).toMatchObject({ isAllowed: true });
});

test.for([2, 5])(
  '%i gateways that spend from one bucket as fast as they can overshoot by their blind shares at most',
  async (count) => {
    const blindShare = 1 / 8;
    const gateways = await Promise.all(
      Array.from({ length: count }, () => gateway({ blindShare, settleMs: 3 })),
    );
    let spent = 0;
    const spend = async (throttle: Throttle, seed: number): Promise<void> => {
      let refusals = 0;
      for (let turn = 0; refusals < 20; turn += 1) {
        const cost = 1 + ((seed + turn * 7) % 40);
        const allowance: Allowance = await throttle.take(bucket(), cost);
        if (allowance.isAllowed) spent += cost;
        else refusals += 1;
        expect(allowance.available).toBeGreaterThanOrEqual(0);
        expect(allowance.available).toBeLessThanOrEqual(1_000);
        if (turn % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await Promise.all(
      gateways.flatMap((throttle, at) => [spend(throttle, at), spend(throttle, at + 3)]),
    );
    expect(spent).toBeGreaterThan(960);
    expect(spent).toBeLessThanOrEqual(1_000 + count * blindShare * 1_000);
    // Every unit of it stands in Redis, as a debt where it is too much.
    for (const throttle of gateways) await throttle.flush();
    const level = await connections[0]?.hget(`${namespace}:gateway:throttle:viewer:a`, 'level');
    expect(Number(level)).toBeCloseTo(spent, 0);
  },
);

test('a thousand keys settle in a few calls', async () => {
  const one = await gateway({ settleMs: 600_000 });
  const keys = Array.from({ length: 1_000 }, (_, index) => bucket({ key: `viewer:${index}` }));
  await Promise.all(keys.map(async (each) => one.take(each, 10)));
  for (const each of keys) one.settle(each, 10, 4);
  const [redis] = connections;
  let calls = 0;
  const send = redis?.sendCommand;
  if (redis && send) {
    redis.sendCommand = (command, stream) => {
      calls += 1;
      return send.call(redis, command, stream);
    };
  }
  await one.flush();
  expect(calls).toBe(5);
  const other = await gateway();
  expect(Math.round((await other.take(bucket({ key: 'viewer:999' }), 0)).available)).toBe(996);
});
