import { describe, onTestFinished } from 'vitest';
import { startWorker } from './jobs.ts';
import { serveMetrics } from './metrics-server.ts';
import { outboxModel } from './outbox/outbox.model.ts';
import { startRelay } from './outbox/relay.ts';
import { test } from './services.fixture.ts';
import type { Services } from './services.ts';
import { watchOutbox, watchQueue } from './work-metrics.ts';

/** The value of a series on a page of metrics; undefined where it is not told. */
const toldBy = (page: string, series: string): number | undefined => {
  const line = page.split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

async function served(token?: string) {
  const server = await serveMetrics({
    HOST: '127.0.0.1',
    METRICS_PORT: 0,
    ...(token === undefined ? {} : { METRICS_TOKEN: token }),
  });
  if (!server) throw new Error('a port was given');
  onTestFinished(() => server.close().then(() => {}));
  return (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${server.port}${path}`, { headers });
}

const row = (services: Services, id: number, occurredAt: Date) => ({
  _id: `evt_${id}`,
  type: 'none.listens',
  version: 1,
  aggregateId: 'a',
  aggregateVersion: id,
  occurredAt,
  payload: {},
  publishedAt: id === 0 ? services.clock() : null,
});

describe('the metrics of a worker', () => {
  test('tell what waits in its outbox, and for how long', async ({ world, expect }) => {
    const { services } = world;
    const ago = (seconds: number) => new Date(services.clock().getTime() - seconds * 1_000);
    await outboxModel(services.db).outbox.insertMany([
      row(services, 0, ago(900)),
      row(services, 1, ago(90)),
      row(services, 2, ago(5)),
    ]);
    onTestFinished(watchOutbox(services));
    const ask = await served();

    const facts = 'vitrine_outbox_unpublished_facts{subgraph="orders"}';
    const look = async () => (await ask('/metrics')).text();
    await expect
      .poll(async () => toldBy(await look(), facts), { timeout: 5_000, interval: 50 })
      .toBe(2);
    const page = await look();
    expect(toldBy(page, 'vitrine_outbox_oldest_unpublished_seconds{subgraph="orders"}')).toBe(90);
  });

  test('tell the jobs of its queues by state, for as long as it works them', async ({
    world,
    expect,
  }) => {
    const { services } = world;
    const name = `orders.${services.env.NAMESPACE}`;
    const queue = services.queues.get(name);
    await queue.add('now', {}, { jobId: 'now' });
    await queue.add('later', {}, { jobId: 'later', delay: 60_000 });
    const unwatch = watchQueue(services, name);
    const ask = await served();

    const series = (state: string) => `vitrine_queue_jobs{queue="${name}",state="${state}"}`;
    const look = async () => (await ask('/metrics')).text();
    await expect
      .poll(async () => toldBy(await look(), series('waiting')), { timeout: 5_000, interval: 50 })
      .toBe(1);
    const page = await look();
    expect(toldBy(page, series('delayed'))).toBe(1);
    expect(toldBy(page, series('failed'))).toBe(0);

    // What was told within the last two seconds is told again.
    await queue.add('now', {}, { jobId: 'another' });
    expect(toldBy(await look(), series('waiting'))).toBe(1);

    unwatch();
    await expect
      .poll(async () => toldBy(await look(), series('waiting')), { timeout: 5_000, interval: 50 })
      .toBeUndefined();
  });

  test('leave out what cannot be told in time, and say so', async ({ world, expect }) => {
    const { services } = world;
    const name = `orders.${services.env.NAMESPACE}`;
    const ask = await served();
    const failures = `vitrine_metrics_look_failures_total{source="${name}"}`;
    // Of a database and a queue that never answer.
    const silent = new Promise<never>(() => {});
    const away = {
      ...services,
      queues: { ...services.queues, get: () => ({ getJobCounts: () => silent }) },
    } as unknown as Services; // only what is asked of a queue
    onTestFinished(watchQueue(away, name));

    await expect
      .poll(async () => toldBy(await (await ask('/metrics')).text(), failures), {
        timeout: 8_000,
        interval: 100,
      })
      .toBeGreaterThan(0);
    const began = performance.now();
    const page = await (await ask('/metrics')).text();
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(page).toContain('process_cpu_seconds_total');
    expect(page).not.toContain(`vitrine_queue_jobs{queue="${name}"`);
  });

  test('tell whether the servers answer, and which does not', async ({ world, expect }) => {
    const services = await world.openAnother();
    const ask = await served();
    const look = async () => (await ask('/metrics')).text();
    const series = (service: string) =>
      `vitrine_service_up{subgraph="orders",service="${service}"}`;
    await expect
      .poll(async () => toldBy(await look(), series('redis')), { timeout: 5_000, interval: 50 })
      .toBe(1);
    expect(toldBy(await look(), series('mongodb'))).toBe(1);
    services.redis.disconnect();
    await expect
      .poll(async () => toldBy(await look(), series('redis')), { timeout: 8_000, interval: 50 })
      .toBe(0);
    expect(toldBy(await look(), series('mongodb'))).toBe(1);
  });

  test('are watched by workers and relays of themselves', async ({ world, expect }) => {
    const { services, closing } = world;
    const name = `orders.${services.env.NAMESPACE}`;
    closing.push(
      startRelay(services),
      startWorker(services, name, async () => {}),
    );
    const ask = await served();
    await expect
      .poll(async () => (await ask('/metrics')).text(), { timeout: 5_000, interval: 100 })
      .toContain(`vitrine_queue_jobs{queue="${name}",state="failed"} 0`);
    await expect
      .poll(async () => (await ask('/metrics')).text(), { timeout: 5_000, interval: 100 })
      .toContain('vitrine_outbox_oldest_unpublished_seconds{subgraph="orders"} 0');
  });

  test('are for operators', async ({ expect }) => {
    const ask = await served('a-token-of-operators');
    const refused = await ask('/metrics');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'METRICS_FORBIDDEN' } }],
    });
    const authorization = 'Bearer a-token-of-operators';
    expect((await ask('/metrics', { authorization })).status).toBe(200);
    expect((await ask('/healthz')).status).toBe(200);
    expect((await ask('/elsewhere')).status).toBe(404);
  });

  test('have no port where none is given', async ({ expect }) => {
    expect(await serveMetrics({ HOST: '127.0.0.1' })).toBeNull();
  });
});
