import { outboxModel } from './outbox/outbox.model.ts';
import type { Services } from './services.ts';

const PATIENCE_MS = 20_000;
const PAUSE_MS = 10;

/** Job counts of every queue of the platform that still has something to do, timers' delays left out. */
async function busyQueues(services: Services): Promise<Record<string, number>> {
  const pattern = `{${services.env.NAMESPACE}:*}:*:meta`;
  const names = (await services.redis.keys(pattern)).map((key) => key.split(':').at(-2) ?? '');
  const counts = await Promise.all(
    names.map(async (name) => {
      const queue = services.queues.get(name);
      // The delayed jobs of timers are deadlines, not work; those of other queues are retries.
      const kinds = name.endsWith('.timers')
        ? (['waiting', 'active'] as const)
        : (['waiting', 'active', 'delayed'] as const);
      const count = await queue.getJobCountByTypes(...kinds);
      // A schedule always has its next turn lying there, delayed.
      return [name, count - (await queue.getJobSchedulersCount())] as const;
    }),
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

async function quiet(
  what: () => Promise<Record<string, number>>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  let quietLooks = 0;
  while (quietLooks < 2) {
    const busy = await what();
    quietLooks = Object.keys(busy).length === 0 ? quietLooks + 1 : 0;
    if (Date.now() > deadline) throw new Error(`not quiet: ${JSON.stringify(busy)}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Resolves when the queues of the platform are idle, whatever lies in outboxes. */
export const queuesIdle = (services: Services): Promise<void> => quiet(() => busyQueues(services));

/**
 * Resolves when every outbox is drained and every queue is idle, so that a test can assert what
 * follows from what it did. Looks twice, since work may hop from a queue to an outbox in between.
 * Throws with what is still busy after twenty seconds, or as long as is given.
 */
export const settled = (all: readonly Services[], patienceMs?: number): Promise<void> =>
  quiet(async () => {
    const outboxes = await Promise.all(
      all.map(async ({ db, subgraph }) => {
        const pending = await outboxModel(db).outbox.countDocuments({ publishedAt: null });
        return [`${subgraph} outbox`, pending] as const;
      }),
    );
    const queues = await Promise.all(all.slice(0, 1).map(busyQueues));
    return Object.assign(
      Object.fromEntries(outboxes.filter(([, pending]) => pending > 0)),
      ...queues,
    );
  }, patienceMs);
