import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { context, trace } from '@opentelemetry/api';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openLogger } from '../logger.ts';
import { startCollector } from './collector.fixture.ts';
import { carrying, inJobSpan } from './jobs.ts';
import {
  inChildSpan,
  inSpan,
  isTracing,
  parentOf,
  startSpan,
  traceHeaders,
  traceId,
  traceparent,
} from './spans.ts';
import { openTracing, type TracingOptions } from './tracing.ts';

const logger = openLogger({ LOG_LEVEL: 'silent' }, 'test');
const id = '0af7651916cd43dd8448eb211c80319c';
const caller = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331';

async function tracingTo(url: string, ratio = 1, options: Partial<TracingOptions> = {}) {
  const tracing = await openTracing(
    { OTEL_EXPORTER_OTLP_ENDPOINT: url, TRACE_SAMPLE_RATIO: ratio },
    'test',
    { logger, ...options },
  );
  onTestFinished(() => tracing.close());
  return tracing;
}

/** A logger whose lines a test reads. */
function heard() {
  const lines: string[] = [];
  return {
    lines,
    logger: openLogger({ LOG_LEVEL: 'info' }, 'test', { write: (line) => void lines.push(line) }),
  };
}

describe('while tracing is off', () => {
  test('work runs as if nothing were there, and no context is kept', async () => {
    const tracing = await openTracing(
      { OTEL_EXPORTER_OTLP_ENDPOINT: undefined, TRACE_SAMPLE_RATIO: 1 },
      'test',
      { logger },
    );
    expect(isTracing()).toBe(false);
    const seen = inSpan('work', { parent: parentOf({ traceparent: `${caller}-01` }) }, (span) => [
      span,
      traceparent(),
      traceHeaders(),
      carrying(),
      traceId(),
      inChildSpan('inner', {}, (inner) => inner),
      startSpan('other', {}),
      inJobSpan('queue', { opts: {}, attemptsMade: 0 }, () => 'done'),
    ]);
    expect(seen).toEqual([undefined, undefined, {}, {}, undefined, undefined, null, 'done']);
    // A registered manager would hand the value on.
    expect(context.with(parentOf({ traceparent: `${caller}-01` }), trace.getActiveSpan)).toBe(
      undefined,
    );
    await tracing.flush();
    await tracing.close();
  });

  test('a span costs less than a tenth of a microsecond', () => {
    const run = () => 1;
    const options = {};
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 20; round += 1) {
      const began = performance.now();
      for (let count = 0; count < 100_000; count += 1) inSpan('work', options, run);
      best = Math.min(best, performance.now() - began);
    }
    expect(best / 100).toBeLessThan(0.1); // microseconds per span
  });
});

describe('a span', () => {
  test('ends with what it stands for, and keeps its value and its failure', async () => {
    const { url, spans } = await startCollector();
    const tracing = await tracingTo(url);
    expect(inSpan('plain', {}, () => 1)).toBe(1);
    await expect(inSpan('promised', {}, async () => 2)).resolves.toBe(2);
    expect(() =>
      inSpan('thrown', {}, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    await expect(inSpan('rejected', {}, () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    await tracing.flush();
    expect(spans.map(({ name, status }) => [name, status])).toEqual([
      ['plain', 0],
      ['promised', 0],
      ['thrown', 2],
      ['rejected', 2],
    ]);
  });

  test('goes on over waiting, and takes the state of other vendors along', async () => {
    const { url } = await startCollector();
    await tracingTo(url);
    const headers = { traceparent: `${caller}-01`, tracestate: 'vendor=1' };
    const sent = await inSpan('work', { parent: parentOf(headers) }, async () => {
      await pause(1);
      return [traceHeaders(), traceId()] as const;
    });
    expect(sent[0]).toEqual({
      traceparent: expect.stringMatching(
        new RegExp(`^00-${id}-(?!b7ad6b7169203331)[\\da-f]{16}-01$`),
      ),
      tracestate: 'vendor=1',
    });
    expect(sent[1]).toBe(id);
  });

  test.each([
    'nonsense',
    '',
    undefined,
    7,
    ['a', 'b'],
    `${caller}-01, ${caller}-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${id}-${'0'.repeat(16)}-01`,
    `ff-${id}-b7ad6b7169203331-01`,
  ])('begins a trace of its own where the caller says %j', async (given) => {
    const { url } = await startCollector();
    await tracingTo(url);
    const own = inSpan('work', { parent: parentOf({ traceparent: given }) }, traceId);
    expect(own).toMatch(/^[\da-f]{32}$/);
    expect(own).not.toBe(id);
  });

  test('is not recorded inside of work that is over', async () => {
    const { url, spans } = await startCollector();
    const tracing = await tracingTo(url);
    const late = Promise.withResolvers<void>();
    let after: Promise<unknown> = Promise.resolve();
    inSpan('work', {}, () => {
      after = late.promise.then(() => inChildSpan('later', {}, () => {}));
    });
    late.resolve();
    await after;
    await tracing.flush();
    expect(spans.map(({ name }) => name)).toEqual(['work']);
  });
});

describe('the share that is traced', () => {
  test('is decided where a trace begins, and kept by whoever goes on with it', async () => {
    const { url } = await startCollector();
    await tracingTo(url, 0);
    expect(inSpan('own', {}, traceId)).toBeUndefined();
    expect(inSpan('own', {}, traceparent)).toMatch(/-00$/);
    const sampled = parentOf({ traceparent: `${caller}-01` });
    expect(inSpan('work', { parent: sampled }, traceId)).toBe(id);
    const unsampled = parentOf({ traceparent: `${caller}-00` });
    expect(inSpan('work', { parent: unsampled }, traceparent)).toMatch(new RegExp(`${id}.*-00$`));
  });

  test('is no matter of the client where the public calls', async () => {
    const { url } = await startCollector();
    await tracingTo(url, 0, { isPublic: true });
    const sampled = parentOf({ traceparent: `${caller}-01` });
    expect(inSpan('work', { parent: sampled }, traceId)).toBeUndefined();
    expect(inSpan('work', { parent: sampled }, traceparent)).toMatch(new RegExp(`${id}.*-00$`));
  });
});

describe('a collector', () => {
  test('that refuses is told of once, and once when it takes spans again', async () => {
    const { url, spans, answer } = await startCollector();
    const { lines, logger: listening } = heard();
    const tracing = await tracingTo(url, 1, { logger: listening });
    const send = async () => {
      inSpan('work', {}, () => {});
      await tracing.flush().catch(() => {});
    };
    answer(400);
    await send();
    await send();
    expect(spans).toEqual([]);
    answer(200);
    await send();
    expect(spans).toHaveLength(1);
    const told = lines.map((line) => JSON.parse(line).msg).filter((msg) => msg !== 'tracing');
    expect(told).toEqual(['traces do not reach the collector', 'traces reach the collector again']);
  });

  test('that is silent holds up no work, and no shutdown for more than two seconds', async () => {
    const silent = createServer(() => {});
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => {
      silent.closeAllConnections();
      silent.close();
    });
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const tracing = await tracingTo(`http://127.0.0.1:${port}`);
    expect(inSpan('work', {}, () => 1)).toBe(1);
    const began = performance.now();
    await tracing.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(isTracing()).toBe(false);
  });
});
