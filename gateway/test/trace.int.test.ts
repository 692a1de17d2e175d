import { stockReserved } from '@vitrine/events/logistics';
import { openLogger } from '@vitrine/platform/logger';
import { startConsumer } from '@vitrine/platform/outbox/consumer';
import { startRelay } from '@vitrine/platform/outbox/relay';
import { transact } from '@vitrine/platform/outbox/transact';
import { settled } from '@vitrine/platform/quiescence';
import { prepareDatabase } from '@vitrine/platform/run';
import type { Services } from '@vitrine/platform/services';
import { type CollectedSpan, startCollector } from '@vitrine/platform/tracing/collector.fixture';
import { openTracing } from '@vitrine/platform/tracing/tracing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runGateway, type Shape, shapes } from './running-gateway.ts';
import { catalogOf, productId, type SmallSubgraph, shopsOf, silent } from './small-graph.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const clientSpan = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${clientSpan}-01`;

const rename = `mutation Rename($id: ID!) {
  renameProduct(id: $id, title: "Sarong") { title shop { name } }
}`;

/** A gateway whose mutation stores a document and emits a fact, which a consumer works. */
async function traced(shape: Shape) {
  const collector = await startCollector();
  const tracing = await openTracing(
    { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, TRACE_SAMPLE_RATIO: 1 },
    'gateway',
    { logger: silent, isPublic: true },
  );
  onTestFinished(() => tracing.close());
  let opened: Services | undefined;
  const services = (): Services => {
    if (!opened) throw new Error('the subgraph is not open');
    return opened;
  };
  const catalog: SmallSubgraph = {
    ...catalogOf({
      Mutation: {
        renameProduct: (_root: unknown, args: { id: string; title: string }) =>
          transact(services(), async (tx) => {
            tx.emit(stockReserved, {
              aggregateId: args.id,
              aggregateVersion: 1,
              payload: {
                checkoutId: 'chk_1',
                reservationId: 'rsv_1',
                expiresAt: '2026-03-01T12:15:00.000Z',
              },
            });
            return args;
          }),
      },
    }),
    open(own) {
      opened = own;
      return (scope) => ({ scope });
    },
  };
  const lines: string[] = [];
  const logger = openLogger({ LOG_LEVEL: 'info' }, 'gateway', {
    write: (line) => void lines.push(line),
  });
  const running = await runGateway([catalog, shopsOf()], { shape, logger });
  await prepareDatabase(catalog, services());
  const work = [
    startRelay(services()),
    startConsumer(services(), 'orders.checkouts', {
      'logistics.stock-reserved': async (fact, { session }) => {
        const notes = services().db.collection('notes');
        await notes.insertOne({ about: fact.aggregateId }, { session });
      },
      'logistics.stock-refused': async () => {},
    }),
  ];
  onTestFinished(async () => {
    for (const part of work) await part.close();
    await services().db.dropDatabase();
  });
  return {
    ...running,
    lines,
    async spans(): Promise<readonly CollectedSpan[]> {
      await settled([services()]);
      await tracing.flush();
      return collector.spans;
    },
    pathsOf: (name: string) =>
      collector.spans
        .filter((span) => span.name === name && span.traceId === traceId)
        .map((span) => collector.pathOf(span)),
  };
}

describe.each(shapes)('a mutation, subgraphs %s', (shape) => {
  test("is one trace from the client over plan, fetches and database to the consumer's job", async () => {
    const { post, spans, pathsOf, lines } = await traced(shape);

    const { body } = await post(
      { query: rename, variables: { id: productId } },
      {
        traceparent,
        'apollographql-client-name': 'storefront',
        'apollographql-client-version': '2.1.0',
      },
    );
    expect(body.errors).toBeUndefined();
    expect(body.data).toEqual({
      renameProduct: { title: 'Sarong', shop: { name: 'Batik House' } },
    });
    const own = (await spans()).filter((span) => span.traceId === traceId);

    const operation = ['mutation Rename'];
    expect(own.find(({ name }) => name === 'mutation Rename')).toMatchObject({
      parentSpanId: clientSpan,
      attributes: { 'graphql.operation.name': 'Rename', 'service.name': 'gateway' },
    });
    expect(pathsOf('plan')).toEqual([['plan', ...operation]]);
    expect(pathsOf('fetch shops')).toEqual([['fetch shops', ...operation]]);
    const served = shape === 'in process' ? [] : ['catalog POST /graphql'];
    const resolver = [...served, 'fetch catalog', ...operation];
    const stored = pathsOf('mongodb insert outbox');
    expect(stored).toEqual([['mongodb insert outbox', ...resolver]]);
    const job = ['process orders.checkouts', 'publish logistics.stock-reserved', ...resolver];
    expect(pathsOf('process orders.checkouts')).toEqual([job]);
    expect(pathsOf('mongodb insert notes')).toEqual([['mongodb insert notes', ...job]]);

    const line = lines.map((text) => JSON.parse(text)).find(({ msg }) => msg === 'operation');
    expect(line).toMatchObject({
      type: 'mutation',
      operation: 'Rename',
      outcome: 'ok',
      transport: 'http',
      client: 'storefront',
      clientVersion: '2.1.0',
      traceId,
      cost: expect.any(Number),
      actualCost: expect.any(Number),
      ms: expect.any(Number),
    });
  });

  test('that no client traces begins a trace of its own, and a refused one is marked', async () => {
    const { post, spans } = await traced(shape);
    await post({ query: rename, variables: { id: productId } }, { traceparent: 'nonsense' });
    await post({ query: '{ nothing }' });
    const all = await spans();
    const roots = all.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots.map(({ name, status }) => [name, status])).toEqual([
      ['mutation Rename', 0],
      ['operation', 2],
    ]);
    expect(new Set(all.map((span) => span.traceId)).size).toBe(2);
  });
});

test('a fetch of a subgraph that is away is marked with its code', async () => {
  const { post, spans, stopSubgraph } = await traced('over HTTP');
  await stopSubgraph('shops');
  const { body } = await post({ query: rename, variables: { id: productId } }, { traceparent });
  expect(body.errors).toHaveLength(1);
  const failed = (await spans()).filter(({ status }) => status === 2);
  expect(failed.map(({ name }) => name)).toEqual(['fetch shops']);
});
