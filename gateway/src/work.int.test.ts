import { queuesIdle } from '@vitrine/platform/quiescence';
import { closeAll } from '@vitrine/platform/shutdown';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { counted, openCounting } from './usage/counting.fixture.ts';
import { usageModel } from './usage/usage.model.ts';
import { dayOf, usageField, usageKeys } from './usage/usage-keys.ts';
import { openGatewayWork } from './work.ts';

test('the worker folds usage by itself, however many of it run, and its schedule is no unfinished work', async () => {
  const services = await openCounting();
  const { env, logger, redis } = services;
  const today = dayOf(new Date());
  const counts = usageKeys(env.NAMESPACE).counts(today);
  await redis.hincrby(counts, usageField('Shop.name', 'web', '1'), 5);

  const servers = { mongoUrl: inject('mongoUrl'), redisUrl: inject('redisUrl') };
  const work = await Promise.all(
    [1, 2].map(() => openGatewayWork({ env, logger, ...servers, clock: () => new Date() })),
  );
  onTestFinished(async () => {
    await closeAll(work.flat(), logger, 10_000);
    const left = await redis.keys(`{${env.NAMESPACE}:*`);
    if (left.length > 0) await redis.unlink(...left);
  });

  await vi.waitFor(async () => expect(await redis.exists(counts)).toBe(0), { timeout: 10_000 });
  await queuesIdle(services);
  const rows = await usageModel(services.db).usage.find().lean();
  expect(rows.map(({ count }) => count)).toEqual([5]);
  expect(await counted(services)).toEqual({});
});
