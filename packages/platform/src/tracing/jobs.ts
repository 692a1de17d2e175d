import type { JobsOptions } from 'bullmq';
import { inSpan, isTracing, parentOf, SpanKind, startSpan, traceparent, within } from './spans.ts';

/** Options that give a job the trace it belongs to, in the field that BullMQ keeps for it. */
export const carrying = (
  parent: string | undefined = traceparent(),
): Pick<JobsOptions, 'telemetry'> =>
  parent === undefined ? {} : { telemetry: { metadata: parent } };

/**
 * The trace of a stored fact that is put on a consumer's queue. Where this process traces, a span
 * stands for it, which tells how long the fact has lain in the outbox.
 */
export function publishing(
  fact: { readonly type: string; readonly occurredAt: Date; readonly traceparent?: string },
  consumer: string,
  now: Date,
): string | undefined {
  if (!isTracing() || fact.traceparent === undefined) return fact.traceparent;
  const parent = parentOf({ traceparent: fact.traceparent });
  const span = startSpan(`publish ${fact.type}`, {
    kind: SpanKind.PRODUCER,
    parent,
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.destination.name': consumer,
      'vitrine.outbox.lag_ms': now.getTime() - fact.occurredAt.getTime(),
    },
  });
  if (!span) return fact.traceparent;
  span.end();
  return within(span, parent, traceparent);
}

/** Runs a job in the trace of what caused it; one that nobody caused begins its own. */
export const inJobSpan = <Result>(
  queue: string,
  job: {
    readonly id?: string | undefined;
    readonly opts: JobsOptions;
    readonly attemptsMade: number;
  },
  run: () => Result,
): Result =>
  isTracing()
    ? inSpan(
        `process ${queue}`,
        {
          kind: SpanKind.CONSUMER,
          parent: parentOf({ traceparent: job.opts.telemetry?.metadata }),
          attributes: {
            'messaging.system': 'bullmq',
            'messaging.destination.name': queue,
            'messaging.message.id': job.id ?? '',
            'vitrine.job.attempt': job.attemptsMade + 1,
          },
        },
        run,
      )
    : run();
