import { startWorker } from './jobs.ts';
import type { Services } from './services.ts';
import type { Closable } from './shutdown.ts';

export interface Schedule {
  /** `<owner>.<verb-noun>`; one queue per schedule. */
  readonly queue: string;
  readonly everyMs: number;
}

/**
 * Does something again and again, once per turn over all processes that offer to. A turn that fails
 * is not repeated: the next one comes anyway. The work must bear running twice, as that of a job.
 */
export async function startSchedule(
  services: Services,
  { queue, everyMs }: Schedule,
  work: () => Promise<unknown>,
): Promise<Closable> {
  await services.queues.get(queue).upsertJobScheduler(
    queue,
    { every: everyMs },
    {
      name: queue,
      opts: { attempts: 1, removeOnComplete: { count: 10 }, removeOnFail: { count: 100 } },
    },
  );
  return startWorker<unknown>(services, queue, async () => void (await work()), { concurrency: 1 });
}

/** The same for who cannot wait: closing waits for its start, and one that fails is logged. */
export function schedule(...given: Parameters<typeof startSchedule>): Closable {
  const [services, { queue }] = given;
  const starting = startSchedule(...given).catch((error: unknown) => {
    services.logger.error({ err: error, queue }, 'a schedule did not start');
    return null;
  });
  return { close: async () => (await starting)?.close() };
}
