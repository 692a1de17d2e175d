import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../logger.ts';

/** Says once when spans no longer reach the collector and once when they do again. Lost spans stay lost. */
export function reportedExporter(exporter: SpanExporter, logger: Logger): SpanExporter {
  let isAway = false;
  const report = (error: Error | undefined): void => {
    if (error && !isAway) logger.warn({ err: error }, 'traces do not reach the collector');
    if (!error && isAway) logger.info('traces reach the collector again');
    isAway = error !== undefined;
  };
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        // 0 is the code of success.
        report(result.code === 0 ? undefined : (result.error ?? new Error('export failed')));
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush
      ? { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }
      : {}),
  };
}
