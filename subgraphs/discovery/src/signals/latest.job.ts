import type { JobDefinition } from '@vitrine/platform/jobs';
import type { Services } from '@vitrine/platform/services';

/**
 * Puts "do X again" on a queue: while one waits, no other is added; while one is active, one more
 * follows it, so that what happened meanwhile is not missed. Nothing of it is kept when done.
 */
export const enqueueLatest =
  <Payload extends object>(services: Pick<Services, 'queues'>, job: JobDefinition<Payload>) =>
  async (payload: Payload): Promise<void> => {
    const parsed = job.payload.parse(payload);
    await services.queues.get(job.queue).add(job.queue, parsed, {
      ...job.options,
      removeOnComplete: true,
      deduplication: { id: job.key(parsed), keepLastIfActive: true },
    });
  };
