import { randomBytes } from 'node:crypto';
import { openRedis, type Redis, whenReady } from '@vitrine/platform/redis';
import { publishRightsChange, RIGHTS_MS, rightsStream } from '@vitrine/platform/rights';
import { aViewer } from '@vitrine/testkit/viewers';
import { expect, inject, onTestFinished, test } from 'vitest';
import { silent } from '../../test/small-graph.ts';
import type { Session } from '../authentication.ts';
import { openRelay } from '../limits/throttle/relay.fixture.ts';
import { openRightsFeed } from './rights.ts';

const { userId } = aViewer();
const session = (sessionId: string): Session => ({
  viewer: aViewer({ sessionId }),
  issuedAt: Date.now(),
  expiresAt: Date.now() + 900_000,
});
const over = (sessionId: string) => ({ kind: 'ENDED' as const, userId, sessionId });

async function connected(url = inject('redisUrl')): Promise<Redis> {
  const redis = openRedis(url, 'command', silent);
  onTestFinished(() => redis.disconnect());
  await whenReady(redis);
  return redis;
}

async function openWorld() {
  const namespace = `t${randomBytes(6).toString('hex')}`;
  const redis = await connected();
  onTestFinished(async () => void (await redis.del(rightsStream(namespace))));
  const feedOver = (from: Redis) => {
    const feed = openRightsFeed({ redis: from, namespace, logger: silent, blockMs: 200 });
    onTestFinished(() => feed.close());
    return { ...feed, isOver: (sessionId: string) => feed.after(session(sessionId)) === null };
  };
  const tell = (sessionId: string) => publishRightsChange(redis, namespace, over(sessionId));
  return { namespace, redis, feedOver, tell };
}

test('a gateway that starts knows what was told before, and hears what is told then', async () => {
  const { redis, feedOver, tell } = await openWorld();
  for (let at = 0; at < 2_500; at += 1) void tell(`ses_${at}`);
  await tell('ses_last');
  const feed = feedOver(redis);
  expect(await feed.known(5_000)).toBe(true);
  expect(['ses_2400', 'ses_last', 'ses_next'].map(feed.isOver)).toEqual([true, true, false]);

  let heard = 0;
  const unwatch = feed.watch(userId, () => {
    heard += 1;
  });
  await tell('ses_next');
  await expect.poll(() => heard).toBe(1);
  expect(feed.isOver('ses_next')).toBe(true);
  unwatch();
  await tell('ses_unheard');
  await expect.poll(() => feed.isOver('ses_unheard')).toBe(true);
  expect(heard).toBe(1);
});

test.for(['cut', 'freeze'] as const)(
  'what is told while the connection is lost (%s) is known once it is back',
  async (kind) => {
    const { feedOver, tell } = await openWorld();
    const relay = await openRelay(inject('redisUrl'));
    onTestFinished(() => relay.cut());
    const feed = feedOver(await connected(relay.url));
    expect(await feed.known(5_000)).toBe(true);
    await relay[kind]();
    await tell('ses_1');
    await tell('ses_2');
    expect(feed.isOver('ses_1')).toBe(false);
    await relay.heal();
    await expect.poll(() => feed.isOver('ses_2'), { timeout: 8_000 }).toBe(true);
    expect(feed.isOver('ses_1')).toBe(true);
    await tell('ses_3');
    await expect.poll(() => feed.isOver('ses_3')).toBe(true);
  },
);

test('a gateway that cannot read says so and goes on; what is no change is passed over', async () => {
  const { namespace, redis, feedOver, tell } = await openWorld();
  const relay = await openRelay(inject('redisUrl'));
  const from = await connected(relay.url);
  await relay.cut();
  onTestFinished(() => relay.cut());
  const feed = feedOver(from);
  expect(await feed.known(100)).toBe(false);

  await redis.xadd(rightsStream(namespace), '*', 'change', '{"kind":');
  await redis.xadd(rightsStream(namespace), '*', 'other', 'field');
  await tell('ses_1');
  await relay.heal();
  await expect.poll(() => feed.isOver('ses_1'), { timeout: 8_000 }).toBe(true);
});

test('the stream holds what still matters and no more', async () => {
  const { namespace, redis, tell } = await openWorld();
  const stream = rightsStream(namespace);
  const old = Date.now() - RIGHTS_MS - 60_000;
  for (let at = 0; at < 500; at += 1) await redis.xadd(stream, `${old}-${at}`, 'change', '{}');
  await tell('ses_1');
  // Whole blocks of a hundred are let go of.
  expect(await redis.xlen(stream)).toBeLessThanOrEqual(101);
  expect(await redis.pttl(stream)).toBeGreaterThan(RIGHTS_MS - 60_000);
});
