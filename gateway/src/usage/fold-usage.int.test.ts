import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inheritedEnv } from '@vitrine/platform/env';
import type { Services } from '@vitrine/platform/services';
import { expect, inject, test } from 'vitest';
import { counted, openCounting } from './counting.fixture.ts';
import { foldUsage } from './fold-usage.ts';
import { usageModel } from './usage.model.ts';
import { dayOf, usageField, usageKeys } from './usage-keys.ts';

/** More than one part of a batch. */
const FIELDS = 1_200;
const fields = Array.from({ length: FIELDS }, (_, i) => usageField(`Shop.f${i}`, 'web', '1'));

async function count(services: Services, day = '2026-11-22', each = 3): Promise<void> {
  const counts = usageKeys(services.env.NAMESPACE).counts(day);
  await services.redis.hset(counts, Object.fromEntries(fields.map((field) => [field, each])));
}

async function totals({ db }: Services): Promise<{ rows: number; sum: number }> {
  const rows = await usageModel(db).usage.find().lean();
  return { rows: rows.length, sum: rows.reduce((sum, row) => sum + row.count, 0) };
}

/** Folds in a process of its own; answers the signal that killed it. */
async function foldElsewhere(services: Services, crashAt?: string): Promise<unknown> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./folding.fixture.ts', import.meta.url))],
    {
      env: {
        ...inheritedEnv(),
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        NAMESPACE: services.env.NAMESPACE,
        MONGODB_URL: inject('mongoUrl'),
        REDIS_URL: inject('redisUrl'),
        ...(crashAt === undefined ? {} : { CRASH_AT: crashAt }),
      },
    },
  );
  const [, signal] = await once(child, 'exit');
  return signal;
}

test('counters become rows by coordinate, client, version and day, and are gone from Redis', async () => {
  const services = await openCounting();
  const keys = usageKeys(services.env.NAMESPACE);
  await services.redis.hincrby(keys.counts('2026-11-22'), usageField('Shop.name', 'web', '1'), 5);
  await services.redis.hincrby(keys.counts('2026-11-21'), usageField('Shop.name', 'web', '1'), 7);
  await services.redis.hincrby(keys.counts('2026-11-22'), usageField('Shop.name', 'app', '2'), 1);

  expect(await foldUsage(services)).toBe(3);
  await services.redis.hincrby(keys.counts('2026-11-22'), usageField('Shop.name', 'web', '1'), 2);
  await foldUsage(services);

  const rows = await usageModel(services.db).usage.find().sort({ client: 1, day: 1 }).lean();
  expect(rows.map(({ _id, ...row }) => row)).toEqual([
    { coordinate: 'Shop.name', client: 'app', version: '2', day: new Date('2026-11-22'), count: 1 },
    { coordinate: 'Shop.name', client: 'web', version: '1', day: new Date('2026-11-21'), count: 7 },
    { coordinate: 'Shop.name', client: 'web', version: '1', day: new Date('2026-11-22'), count: 7 },
  ]);
  expect(await services.redis.keys(`${services.env.NAMESPACE}:*`)).toEqual([]);
});

test('with nothing counted there is nothing to fold', async () => {
  expect(await foldUsage(await openCounting())).toBe(0);
});

test('what was counted days ago, while no worker ran, is folded to its own day', async () => {
  const services = await openCounting();
  await count(services, '2026-11-16');
  await foldUsage(services);

  const days = await usageModel(services.db).usage.distinct('day');
  expect(days).toEqual([new Date('2026-11-16')]);
});

test.for(['usage.detached', 'usage.part-folded', 'usage.folded'])(
  'a fold that is killed at %s neither loses nor doubles a count',
  { timeout: 60_000 },
  async (point) => {
    const services = await openCounting();
    // The process has a clock of its own.
    const today = dayOf(new Date());
    await count(services, today);

    expect(await foldElsewhere(services, point)).toBe('SIGKILL');
    // Counted after it took the counters away.
    await count(services, today, 1);
    expect(await foldElsewhere(services)).toBeNull();

    expect(await totals(services)).toEqual({ rows: FIELDS, sum: FIELDS * 4 });
    expect(await services.redis.keys(`${services.env.NAMESPACE}:*`)).toEqual([]);
  },
);

test('two that fold at once write every count once', async () => {
  const services = await openCounting();
  await count(services);
  await Promise.all([foldUsage(services), foldUsage(services), foldUsage(services)]);

  expect(await totals(services)).toEqual({ rows: FIELDS, sum: FIELDS * 3 });
  expect(await counted(services)).toEqual({});
});
