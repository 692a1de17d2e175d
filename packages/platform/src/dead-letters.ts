import { type OutboxRow, outboxModel } from './outbox/outbox.model.ts';
import { toMessage } from './outbox/relay.ts';
import type { Services } from './services.ts';

/** A job or fact that used up its attempts. */
export interface DeadLetter {
  readonly id: string;
  readonly name: string;
  readonly reason: string;
  readonly failedAt: Date | null;
  readonly payload: unknown;
}

/** Failed jobs of a queue, newest first. */
export async function listDeadLetters(
  services: Pick<Services, 'queues'>,
  queue: string,
  limit = 100,
): Promise<DeadLetter[]> {
  const failed = await services.queues.get(queue).getFailed(0, limit - 1);
  return failed.map((job) => ({
    id: job.id ?? '',
    name: job.name,
    reason: job.failedReason ?? '',
    failedAt: job.finishedOn === undefined ? null : new Date(job.finishedOn),
    payload: job.data,
  }));
}

/** Gives every failed job of a queue its attempts back; answers how many. */
export async function retryDeadLetters(
  services: Pick<Services, 'queues'>,
  queue: string,
): Promise<number> {
  const failed = await services.queues.get(queue).getFailed();
  for (const job of failed) await job.retry('failed', { resetAttemptsMade: true });
  return failed.length;
}

/**
 * Puts published facts on one consumer's queue again: after Redis has lost its data, or to rebuild a
 * projection. Facts the consumer remembers are skipped there, unless it has been made to forget.
 * Returns how many were put.
 */
export async function replay(
  services: Services,
  {
    consumer,
    types,
    since,
  }: { readonly consumer: string; readonly types: readonly string[]; readonly since: Date },
): Promise<number> {
  const { outbox } = outboxModel(services.db);
  const run = services.clock().getTime();
  const queue = services.queues.get(consumer);
  let count = 0;
  const rows = outbox
    .find({ type: { $in: types }, occurredAt: { $gte: since }, publishedAt: { $ne: null } })
    .sort({ occurredAt: 1, _id: 1 })
    .lean<OutboxRow[]>()
    .cursor({ batchSize: 200 });
  for await (const row of rows as AsyncIterable<OutboxRow>) {
    // A job id of its own: the first delivery's may still be kept and would swallow this one.
    await queue.add(row.type, toMessage(row), { jobId: `${row._id}-replay-${run}` });
    count += 1;
  }
  return count;
}
