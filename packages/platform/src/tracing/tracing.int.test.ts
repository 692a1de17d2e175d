import { profileChanged } from '@vitrine/events/accounts';
import { stockReserved } from '@vitrine/events/logistics';
import { describe, onTestFinished } from 'vitest';
import { z } from 'zod';
import { defineJob, enqueuer, jobWorker } from '../jobs.ts';
import { startConsumer } from '../outbox/consumer.ts';
import { outboxModel } from '../outbox/outbox.model.ts';
import { startRelay } from '../outbox/relay.ts';
import { transact } from '../outbox/transact.ts';
import { settled } from '../quiescence.ts';
import { type ServicesFixture, test } from '../services.fixture.ts';
import type { Services } from '../services.ts';
import { startCollector } from './collector.fixture.ts';
import { inSpan, parentOf } from './spans.ts';
import { openTracing, type Tracing } from './tracing.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const fromClient = () => parentOf({ traceparent: `00-${traceId}-b7ad6b7169203331-01` });

/** Tracing to a collector in this process, and services opened under it. */
async function traced(world: ServicesFixture) {
  const collector = await startCollector();
  const tracing: Tracing = await openTracing(
    { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, TRACE_SAMPLE_RATIO: 1 },
    'orders.test',
    { logger: world.services.logger },
  );
  onTestFinished(() => tracing.close());
  return { collector, tracing, services: await world.openAnother() };
}

const emit = (services: Services, aggregateId: string) =>
  transact(services, async (tx) => {
    tx.emit(stockReserved, {
      aggregateId,
      aggregateVersion: 1,
      payload: {
        checkoutId: aggregateId,
        reservationId: 'rsv_1',
        expiresAt: '2026-03-01T12:15:00.000Z',
      },
    });
  });

describe('a trace', () => {
  test('reaches from a mutation over the outbox to the consumer and the job that follow it', async ({
    world,
    expect,
  }) => {
    const { collector, tracing, services } = await traced(world);
    const noteOrder = defineJob({
      queue: 'orders.note-order',
      payload: z.object({ id: z.string() }),
      key: ({ id }) => id,
    });
    const enqueue = enqueuer(services, noteOrder);
    world.closing.push(
      startRelay(services),
      startConsumer(services, 'orders.checkouts', {
        'logistics.stock-reserved': async ({ aggregateId }, tx) => {
          tx.afterCommit(() => enqueue({ id: aggregateId }));
        },
        'logistics.stock-refused': async () => {},
      }),
      jobWorker(services, noteOrder, async () => {
        await services.db.collection('notes').insertOne({ seen: true });
        await services.redis.set(services.key('noted'), '1');
      }),
    );

    await inSpan('mutation PlaceOrder', { parent: fromClient() }, () => emit(services, 'chk_1'));
    await settled([services]);
    await tracing.flush();

    const own = collector.spans.filter((span) => span.traceId === traceId);
    const path = (name: string) =>
      own.filter((span) => span.name === name).map((span) => collector.pathOf(span));
    const mutation = ['mutation PlaceOrder'];
    const consumed = ['process orders.checkouts', 'publish logistics.stock-reserved', ...mutation];
    expect(path('mongodb insert outbox')).toEqual([['mongodb insert outbox', ...mutation]]);
    expect(path('process orders.checkouts')).toEqual([consumed]);
    expect(path('mongodb insert consumed_facts')).toEqual([
      ['mongodb insert consumed_facts', ...consumed],
    ]);
    expect(path('mongodb insert notes')).toEqual([
      ['mongodb insert notes', 'process orders.note-order', ...consumed],
    ]);
    expect(path('redis set')).toEqual([['redis set', 'process orders.note-order', ...consumed]]);
    const [root] = own.filter(({ name }) => name === 'mutation PlaceOrder');
    expect(root?.parentSpanId).toBe('b7ad6b7169203331');
    expect(root?.attributes['service.name']).toBe('orders.test');
  });

  test('holds what failed, and nothing of what was asked for', async ({ world, expect }) => {
    const { collector, tracing, services } = await traced(world);

    await inSpan('work', { parent: fromClient() }, async () => {
      const things = services.db.collection('things');
      await expect(things.findOne({ secret: { $nonsense: 'value' } })).rejects.toThrow();
      await expect(services.redis.call('hget', services.key('one'))).rejects.toThrow();
    });
    await tracing.flush();

    const failed = collector.spans.filter(({ status }) => status === 2).map(({ name }) => name);
    expect(failed).toEqual(['mongodb find things', 'redis hget']);
    expect(JSON.stringify(collector.spans)).not.toMatch(/secret|:one/);
  });

  test('is not begun by sweeps and other work that nobody asked for', async ({ world, expect }) => {
    const { collector, tracing, services } = await traced(world);
    const relay = startRelay(services);
    world.closing.push(relay);
    await relay.drain();
    await services.redis.ping();
    await tracing.flush();
    expect(collector.spans).toEqual([]);
  });
});

describe('a fact', () => {
  test('is published and worked without tracing, and carries no trace then', async ({
    world,
    expect,
  }) => {
    const { services } = world;
    const seen: string[] = [];
    world.closing.push(
      startRelay(services),
      startConsumer(services, 'orders.checkouts', {
        'logistics.stock-reserved': async ({ aggregateId }) => void seen.push(aggregateId),
        'logistics.stock-refused': async () => {},
      }),
    );
    await emit(services, 'chk_2');
    await settled([services]);
    const [row] = await outboxModel(services.db).outbox.find().lean();
    const [job] = await services.queues.get('orders.checkouts').getCompleted();
    expect(seen).toEqual(['chk_2']);
    expect(row).not.toHaveProperty('traceparent');
    expect(job?.opts.telemetry).toBeUndefined();
  });

  test('hands its trace on through a relay that does not trace', async ({ world, expect }) => {
    const { services } = world;
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
    await outboxModel(services.db).outbox.insertMany([
      {
        _id: 'evt_1',
        type: profileChanged.type,
        version: 1,
        aggregateId: 'usr_1',
        aggregateVersion: 1,
        occurredAt: services.clock(),
        payload: {},
        publishedAt: null,
        traceparent,
      },
    ]);
    const relay = startRelay(services);
    world.closing.push(relay);
    await relay.drain();
    const [job] = await services.queues.get('orders.profiles').getWaiting();
    expect(job?.opts.telemetry?.metadata).toBe(traceparent);
    expect(job?.data).not.toHaveProperty('traceparent');
  });
});
