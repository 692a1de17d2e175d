import { openLogger } from '@vitrine/platform/logger';
import { openRedis, whenReady } from '@vitrine/platform/redis';
import type { Services } from '@vitrine/platform/services';
import { buildSchema } from 'graphql';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { counted, NOW, openCounting, openLink, operation, schema } from './counting.fixture.ts';
import { usageKeys } from './usage-keys.ts';
import { type UsageRecorder, type UsageRecorderOptions, usageRecorder } from './usage-recorder.ts';

const NAME = operation('{ shop(id: "1") { name } }');
const SLUG = operation('{ shop(id: "1") { slug } }');
const web = { name: 'web', version: '1' };
const app = { name: 'app', version: '2.0' };

function recorderOn(
  { redis, env, logger, clock }: Services,
  options: Partial<UsageRecorderOptions> = {},
): UsageRecorder {
  const recorder = usageRecorder({
    redis,
    namespace: env.NAMESPACE,
    schema,
    logger,
    clock,
    flushMs: 3_600_000,
    ...options,
  });
  onTestFinished(async () => void (await recorder.close()));
  return recorder;
}

test('every field of an operation is counted by client and version', async () => {
  const services = await openCounting();
  const recorder = recorderOn(services);
  for (let i = 0; i < 3; i += 1) recorder.record(NAME, web);
  recorder.record(NAME, app);
  recorder.record(SLUG, web);
  await recorder.flush();

  expect(await counted(services)).toEqual({
    'Query.shop\tweb\t1': '4',
    'Query.shop(id:)\tweb\t1': '4',
    'Shop.name\tweb\t1': '3',
    'Shop.slug\tweb\t1': '1',
    'Query.shop\tapp\t2.0': '1',
    'Query.shop(id:)\tapp\t2.0': '1',
    'Shop.name\tapp\t2.0': '1',
  });
});

test('several processes add to the same counters, again and again', async () => {
  const services = await openCounting();
  const recorders = [recorderOn(services), recorderOn(services)];
  for (let turn = 0; turn < 3; turn += 1) {
    for (const recorder of recorders) recorder.record(NAME, web);
    await Promise.all(recorders.map((recorder) => recorder.flush()));
  }

  expect((await counted(services))['Shop.name\tweb\t1']).toBe('6');
});

test('counts leave by themselves, and the rest when the recorder closes', async () => {
  const services = await openCounting();
  const recorder = recorderOn(services, { flushMs: 5 });
  recorder.record(NAME, web);
  await vi.waitFor(async () => expect((await counted(services))['Shop.name\tweb\t1']).toBe('1'));

  const other = recorderOn(services);
  other.record(NAME, web);
  await other.close();
  expect((await counted(services))['Shop.name\tweb\t1']).toBe('2');
});

test('a chunk whose answer was lost is sent again and counts once', async () => {
  const services = await openCounting();
  let isDeaf = true;
  const redis = new Proxy(services.redis, {
    get(target, property) {
      const value = Reflect.get(target, property);
      if (property !== 'eval' || !isDeaf) return value;
      return async (...args: Parameters<typeof target.eval>) => {
        await target.eval(...args);
        throw new Error('the connection broke before the answer');
      };
    },
  });
  const recorder = recorderOn(services, { redis });
  recorder.record(NAME, web);
  await recorder.flush();
  isDeaf = false;
  recorder.record(NAME, web);
  await recorder.flush();

  expect((await counted(services))['Shop.name\tweb\t1']).toBe('2');
});

test('while Redis is away nothing is lost and nothing thrown; it arrives when Redis is back', async () => {
  const services = await openCounting();
  const link = await openLink(inject('redisUrl'));
  const redis = openRedis(link.url, 'command', services.logger);
  onTestFinished(() => redis.disconnect());
  await whenReady(redis);
  const recorder = recorderOn(services, { redis });
  await link.cut();
  for (let i = 0; i < 3; i += 1) {
    recorder.record(NAME, web);
    await recorder.flush();
  }
  expect(await counted(services)).toEqual({});

  await link.mend();
  await vi.waitFor(() => expect(redis.status).toBe('ready'), { timeout: 10_000 });
  await recorder.flush();
  expect((await counted(services))['Shop.name\tweb\t1']).toBe('3');
});

test('operations of a graph that has grown are read by the new schema', async () => {
  const services = await openCounting();
  const recorder = recorderOn(services);
  const MOTTO = operation('{ shop(id: "1") { motto } }');
  recorder.record(MOTTO, web);
  recorder.useSchema(
    buildSchema('type Query { shop(id: ID!): Shop } type Shop { id: ID! motto: String }'),
  );
  recorder.record(MOTTO, web);
  await recorder.flush();

  expect(await counted(services)).toMatchObject({
    'Query.shop\tweb\t1': '2',
    'Shop.motto\tweb\t1': '1',
  });
});

test('counters belong to the day they were counted on, and live for days, not for ever', async () => {
  const services = await openCounting();
  const clock = { now: new Date('2026-11-21T23:59:58Z') };
  const recorder = recorderOn(services, { clock: () => clock.now });
  recorder.record(NAME, web);
  clock.now = NOW;
  await recorder.flush();
  recorder.record(NAME, web);
  await recorder.flush();

  const keys = usageKeys(services.env.NAMESPACE);
  for (const day of ['2026-11-21', '2026-11-22']) {
    expect(await services.redis.hget(keys.counts(day), 'Shop.name\tweb\t1')).toBe('1');
    expect(await services.redis.ttl(keys.counts(day))).toBeGreaterThan(7 * 86_400);
  }
});

test('thousands of operations and clients fill neither memory nor Redis', async () => {
  const services = await openCounting();
  const recorder = recorderOn(services);
  for (let i = 0; i < 12_000; i += 1) {
    recorder.record(operation(`{ shop(id: "${i}") { name } }`), {
      name: `hostile ${i}`,
      version: `${i}`,
    });
  }
  await recorder.flush();

  const fields = Object.entries(await counted(services)).filter(([f]) => f.startsWith('Shop.name'));
  expect(fields).toHaveLength(201);
  expect(fields.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(12_000);
});

test('without Redis it counts nothing and harms nobody', async () => {
  const recorder = usageRecorder({
    redis: null,
    namespace: 'none',
    schema,
    logger: openLogger({ LOG_LEVEL: 'silent' }, 'test'),
  });
  recorder.record(NAME, web);
  await recorder.flush();
  await recorder.close();
});
