import { randomUUID } from 'node:crypto';
import { consumersOf, inOrderConsumers } from '@vitrine/events/routes';
import { violatedIndex } from '../mongo.ts';
import type { Services } from '../services.ts';
import type { Closable } from '../shutdown.ts';
import { carrying, publishing } from '../tracing/jobs.ts';
import { watchOutbox } from '../work-metrics.ts';
import { previousFacts } from './in-order.ts';
import { type OutboxRow, outboxModel } from './outbox.model.ts';
import { nudgeChannel } from './transact.ts';

const BATCH = 200;
const SWEEP_MS = 1_000;
const LEASE_MS = 4_000;

/** What travels through a queue: the outbox row without its bookkeeping. */
export type FactMessage = Omit<OutboxRow, '_id' | 'publishedAt' | 'occurredAt' | 'traceparent'> & {
  readonly id: string;
  readonly occurredAt: string;
  /** The fact of the same aggregate before it, for a consumer that works them in order. */
  readonly previousId?: string;
};

export const toMessage = (row: OutboxRow): FactMessage => ({
  id: row._id,
  type: row.type,
  version: row.version,
  aggregateId: row.aggregateId,
  aggregateVersion: row.aggregateVersion,
  occurredAt: row.occurredAt.toISOString(),
  payload: row.payload,
});

/**
 * Facts of one aggregate in the order of its versions. Ids rise with the clock of the process that
 * made them, so two processes whose clocks differ may have numbered one aggregate's facts the other
 * way round; a later version is never visible before an earlier one, so sorting a batch mends it.
 */
export function inOrder(rows: readonly OutboxRow[]): OutboxRow[] {
  const byAggregate = Map.groupBy(rows, (row) => row.aggregateId);
  for (const own of byAggregate.values()) {
    own.sort((a, b) => a.aggregateVersion - b.aggregateVersion);
  }
  const next = new Map([...byAggregate].map(([id, own]) => [id, own.values()]));
  return rows.flatMap((row) => next.get(row.aggregateId)?.next().value ?? []);
}

export interface Relay extends Closable {
  /** Publishes everything that is pending and resolves when nothing is, or when another relay holds the lease. */
  drain(): Promise<void>;
}

/**
 * Publishes the subgraph's outbox to the queues of its consumers. Any number of relays may run:
 * a lease lets one publish at a time, which keeps the order of each aggregate. A relay killed
 * between publishing and marking publishes again; job ids and the consumers' memory make that harmless.
 */
export function startRelay(services: Services): Relay {
  const { outbox, leases } = outboxModel(services.db);
  const owner = randomUUID();
  const logger = services.logger.child({ relay: owner.slice(0, 8) });
  let running: Promise<void> | null = null;
  let isWantedAgain = false;
  let isClosed = false;

  async function holdLease(): Promise<boolean> {
    const now = services.clock();
    const until = new Date(now.getTime() + LEASE_MS);
    try {
      await leases.findOneAndUpdate(
        { _id: 'relay', $or: [{ owner }, { until: { $lt: now } }] },
        { $set: { owner, until } },
        { upsert: true },
      );
      return true;
    } catch (error) {
      if (violatedIndex(error)) return false;
      throw error;
    }
  }

  async function publish(rows: readonly OutboxRow[]): Promise<void> {
    const ordered = inOrder(rows);
    const consumers = new Set(ordered.flatMap(({ type }) => consumersOf(type)));
    for (const consumer of consumers) {
      const own = ordered.filter(({ type }) => consumersOf(type).includes(consumer));
      const previous = inOrderConsumers.includes(consumer)
        ? await previousFacts(services, consumer, own)
        : null;
      await services.queues.get(consumer).addBulk(
        own.map((row) => ({
          name: row.type,
          data: { ...toMessage(row), previousId: previous?.get(row._id) },
          opts: { jobId: row._id, ...carrying(publishing(row, consumer, services.clock())) },
        })),
      );
    }
    await outbox.updateMany(
      { _id: { $in: rows.map((row) => row._id) } },
      { $set: { publishedAt: services.clock() } },
    );
  }

  async function pass(): Promise<void> {
    while (!isClosed && (await holdLease())) {
      const rows = await outbox
        .find({ publishedAt: null })
        .sort({ _id: 1 })
        .limit(BATCH)
        .lean<OutboxRow[]>();
      if (rows.length === 0) return;
      await publish(rows);
    }
  }

  async function drain(): Promise<void> {
    if (running) {
      isWantedAgain = true;
      return running;
    }
    running = (async () => {
      do {
        isWantedAgain = false;
        await pass();
      } while (isWantedAgain && !isClosed);
    })();
    try {
      await running;
    } finally {
      running = null;
    }
  }

  const drainQuietly = () =>
    void drain().catch((error: unknown) => logger.warn({ err: error }, 'the relay will try again'));

  const subscriber = services.openBlockingRedis();
  subscriber.on('message', drainQuietly);
  void subscriber.subscribe(nudgeChannel(services)).catch((error: unknown) => {
    if (!isClosed) logger.warn({ err: error }, 'no nudges; sweeping instead');
  });
  const sweep = setInterval(drainQuietly, SWEEP_MS);
  drainQuietly();
  const unwatch = watchOutbox(services);

  return {
    drain,
    async close() {
      isClosed = true;
      unwatch();
      clearInterval(sweep);
      subscriber.disconnect();
      await running?.catch(() => {});
      await leases.deleteOne({ _id: 'relay', owner });
    },
  };
}
