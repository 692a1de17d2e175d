import { Counter, Gauge, metrics } from './metrics.ts';
import { type OutboxRow, outboxModel } from './outbox/outbox.model.ts';
import type { Services } from './services.ts';
import { singleLook } from './single-look.ts';

/*
 * What waits for this process's workers. Nothing is counted until somebody reads `/metrics`, and
 * then each source is asked once, with a time limit, however many read at the same time.
 */

const LIMIT_MS = 1_000;
/** More than this is told as this: counting a long outbox to its end would be load on a database that has enough. */
const MOST_COUNTED = 10_000;

type Watched = Pick<Services, 'subgraph' | 'db' | 'queues' | 'clock'>;

const queueStates = ['waiting', 'active', 'delayed', 'failed'] as const;

interface QueueSource {
  readonly queue: string;
  readonly services: Watched;
}

const watchedQueues = new Set<QueueSource>();
const watchedOutboxes = new Set<Watched>();

/** Tells the depth of a queue from now on; the function it returns ends that. */
export function watchQueue(services: Watched, queue: string): () => void {
  const source = { queue, services };
  watchedQueues.add(source);
  return () => void watchedQueues.delete(source);
}

/** Tells what a subgraph's outbox holds from now on; the function it returns ends that. */
export function watchOutbox(services: Watched): () => void {
  watchedOutboxes.add(services);
  return () => void watchedOutboxes.delete(services);
}

const lookFailures = new Counter({
  name: 'vitrine_metrics_look_failures_total',
  help: 'Looks at queues and outboxes that failed or took over a second; their values are missing then.',
  labelNames: ['source'],
  registers: [metrics],
});

/** The value of `look`, or null where it fails or takes too long. */
async function looked<Value>(source: string, look: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, LIMIT_MS, new Error('too slow'));
  });
  try {
    return await Promise.race([look, limit]);
  } catch {
    lookFailures.inc({ source });
    return null;
  } finally {
    clearTimeout(timer);
  }
}

const queueJobs = new Gauge({
  name: 'vitrine_queue_jobs',
  help: 'Jobs and facts of a queue, by state; those that failed for good are dead letters.',
  labelNames: ['queue', 'state'],
  registers: [metrics],
  collect: singleLook(async () => {
    queueJobs.reset();
    await Promise.all(
      [...watchedQueues].map(async ({ queue, services }) => {
        const counts = await looked(queue, services.queues.get(queue).getJobCounts(...queueStates));
        if (!counts) return;
        for (const state of queueStates) queueJobs.set({ queue, state }, counts[state] ?? 0);
      }),
    );
  }),
});

const lookAtOutboxes = singleLook(async () => {
  outboxFacts.reset();
  outboxAge.reset();
  await Promise.all([...watchedOutboxes].map(lookAtOutbox));
});

const outboxFacts = new Gauge({
  name: 'vitrine_outbox_unpublished_facts',
  help: 'Facts that are committed and not yet on the queues of their consumers; 10,000 stands for more.',
  labelNames: ['subgraph'],
  registers: [metrics],
  collect: lookAtOutboxes,
});

const outboxAge = new Gauge({
  name: 'vitrine_outbox_oldest_unpublished_seconds',
  help: 'How long the oldest fact has waited to be published; 0 where none waits.',
  labelNames: ['subgraph'],
  registers: [metrics],
  collect: lookAtOutboxes,
});

async function lookAtOutbox(services: Watched): Promise<void> {
  const { outbox } = outboxModel(services.db);
  const unpublished = { publishedAt: null };
  const seen = await looked(
    `${services.subgraph} outbox`,
    Promise.all([
      outbox.countDocuments(unpublished, { limit: MOST_COUNTED, maxTimeMS: LIMIT_MS }),
      outbox
        .findOne(unpublished, { occurredAt: 1 })
        .sort({ _id: 1 })
        .maxTimeMS(LIMIT_MS)
        .lean<Pick<OutboxRow, 'occurredAt'> | null>(),
    ]),
  );
  if (!seen) return;
  const [count, oldest] = seen;
  const waitedMs = oldest ? services.clock().getTime() - oldest.occurredAt.getTime() : 0;
  outboxFacts.set({ subgraph: services.subgraph }, count);
  outboxAge.set({ subgraph: services.subgraph }, Math.max(0, waitedMs / 1_000));
}
