import { context, trace } from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Env } from '../env.ts';
import type { Logger } from '../logger.ts';
import type { Closable } from '../shutdown.ts';
import { traceRedis } from './redis-spans.ts';
import { reportedExporter } from './reported-exporter.ts';
import { setTracer } from './spans.ts';

export interface Tracing extends Closable {
  close(): Promise<void>;
  /** Sends what is finished; for tests, which cannot wait for the next batch. */
  flush(): Promise<void>;
}

export interface TracingOptions {
  readonly logger: Logger;
  /**
   * Whether anybody may call this process. There, a client's wish to be traced counts only for its
   * share of `TRACE_SAMPLE_RATIO`, so that nobody can fill the collector; behind it, whoever calls
   * has decided already.
   */
  readonly isPublic?: boolean;
  /** In place of OTLP over HTTP. */
  readonly exporter?: SpanExporter;
}

const BATCH_MS = 1_000;
const EXPORT_LIMIT_MS = 5_000;
/** Of the time that a shutdown has. What a collector does not take by then is lost. */
const LAST_FLUSH_LIMIT_MS = 2_000;

const off: Tracing = { flush: async () => {}, close: async () => {} };

/**
 * Begins to trace where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; else does nothing, and
 * nothing of the SDK is loaded. Call it before connections are opened. Spans wait in a bounded
 * queue and are sent in batches beside the requests; a collector that is away costs spans only.
 */
export async function openTracing(
  env: Pick<Env, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'TRACE_SAMPLE_RATIO'>,
  service: string,
  { logger, isPublic = false, exporter }: TracingOptions,
): Promise<Tracing> {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint && !exporter) return off;
  const [sdk, { resourceFromAttributes }, { AsyncLocalStorageContextManager }] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/context-async-hooks'),
  ]);
  const ratio = new sdk.TraceIdRatioBasedSampler(env.TRACE_SAMPLE_RATIO);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'vitrine',
      'service.name': service,
      'service.instance.id': `${service}-${process.pid}`,
    }),
    sampler: new sdk.ParentBasedSampler({
      root: ratio,
      ...(isPublic ? { remoteParentSampled: ratio } : {}),
    }),
    // A document or a message of an error may be long; a span is no place for it.
    spanLimits: { attributeValueLengthLimit: 1_000 },
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: reportedExporter(exporter ?? (await otlp(endpoint)), logger),
        maxQueueSize: 8_192,
        maxExportBatchSize: 512,
        scheduledDelayMillis: BATCH_MS,
        exportTimeoutMillis: EXPORT_LIMIT_MS,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // For code that brings spans of its own by `@opentelemetry/api`.
  trace.setGlobalTracerProvider(provider);
  setTracer(provider.getTracer('vitrine'));
  const untraceRedis = traceRedis();
  logger.info({ collector: endpoint, ratio: env.TRACE_SAMPLE_RATIO }, 'tracing');

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    setTracer(null);
    untraceRedis();
    trace.disable();
    context.disable();
    const flushed = provider.shutdown().catch((error: unknown) => {
      logger.debug({ err: error }, 'the last spans were lost');
    });
    await Promise.race([flushed, timeLimit(LAST_FLUSH_LIMIT_MS)]);
  };
  return {
    flush: () => provider.forceFlush(),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

async function otlp(endpoint: string | undefined): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return new OTLPTraceExporter({
    url: new URL('v1/traces', endpoint?.endsWith('/') ? endpoint : `${endpoint}/`).href,
    timeoutMillis: EXPORT_LIMIT_MS,
  });
}

const timeLimit = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
