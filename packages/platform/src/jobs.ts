import { DelayedError, type JobsOptions, UnrecoverableError, Worker } from 'bullmq';
import type { z } from 'zod';
import { actingAs } from './acting.ts';
import { jobDuration } from './metrics.ts';
import type { Services } from './services.ts';
import type { Closable } from './shutdown.ts';
import { carrying, inJobSpan } from './tracing/jobs.ts';
import { watchQueue } from './work-metrics.ts';

/** A job's contract: shared by whoever enqueues it and whoever works it. */
export interface JobDefinition<Payload extends object> {
  /** `<subgraph>.<verb-noun>`; one queue per kind of job. */
  readonly queue: string;
  readonly payload: z.ZodType<Payload>;
  /** Two enqueues with the same key are one job while it is kept. Holds no colon, and is not digits only. */
  readonly key: (payload: Payload) => string;
  readonly options?: JobsOptions;
}

export const defineJob = <Payload extends object>(
  definition: JobDefinition<Payload>,
): JobDefinition<Payload> => definition;

/** Puts a job on its queue. Throws on a payload that breaks the contract, and at once while Redis is away. */
export const enqueuer =
  <Payload extends object>(services: Pick<Services, 'queues'>, job: JobDefinition<Payload>) =>
  async (payload: Payload, options: Pick<JobsOptions, 'delay'> = {}): Promise<void> => {
    const parsed = job.payload.parse(payload);
    await services.queues.get(job.queue).add(job.queue, parsed, {
      ...job.options,
      ...options,
      ...carrying(),
      jobId: job.key(parsed),
    });
  };

/** Works one kind of job. The handler must be idempotent: a job whose worker is killed runs again. */
export const jobWorker = <Payload extends object>(
  services: Services,
  job: JobDefinition<Payload>,
  handle: (payload: Payload) => Promise<void>,
  options: { readonly concurrency?: number } = {},
): Closable =>
  startWorker<Payload>(
    services,
    job.queue,
    async (data) => {
      const parsed = job.payload.safeParse(data);
      // A malformed payload will not get better with age.
      if (!parsed.success) throw new UnrecoverableError(parsed.error.message);
      await handle(parsed.data);
    },
    options,
  );

const NOT_YET_MS = 250;

/** Thrown by work that has to wait for other work: it comes again soon, and costs no attempt. */
export class NotYetError extends Error {
  override readonly name = 'NotYetError';
}

/** A BullMQ worker with the platform's logging, metrics and limits. */
export function startWorker<Data>(
  services: Services,
  queue: string,
  work: (data: Data) => Promise<void>,
  { concurrency = 8 }: { readonly concurrency?: number } = {},
): Closable {
  const connection = services.openBlockingRedis();
  const logger = services.logger.child({ queue });
  const worker = new Worker<Data>(
    queue,
    (job, token) =>
      inJobSpan(queue, job, async () => {
        const stop = jobDuration.startTimer({ queue });
        try {
          await actingAs({ job: queue }, () => work(job.data));
          stop({ outcome: 'done' });
        } catch (error) {
          if (error instanceof NotYetError) {
            await job.moveToDelayed(Date.now() + NOT_YET_MS, token);
            throw new DelayedError();
          }
          stop({ outcome: 'failed' });
          throw error;
        }
      }),
    {
      connection,
      prefix: services.queues.prefixOf(queue),
      concurrency,
      // A worker that was killed holds its job no longer than the two together. Handlers bear running
      // twice, so a process that stalls for longer costs work, not correctness.
      lockDuration: 5_000,
      stalledInterval: 2_000,
      // Being killed is no fault of the job's.
      maxStalledCount: 10,
    },
  );
  worker.on('error', (error) => logger.debug({ err: error }, 'worker connection'));
  worker.on('failed', (job, error) => {
    const left = (job?.opts.attempts ?? 1) - (job?.attemptsMade ?? 0);
    const level = left > 0 ? 'info' : 'error';
    logger[level]({ err: error, jobId: job?.id, attemptsLeft: left }, 'job failed');
  });
  const unwatch = watchQueue(services, queue);
  return {
    async close() {
      unwatch();
      await worker.close();
      connection.disconnect();
    },
  };
}
