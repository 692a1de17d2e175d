import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from './redis.ts';

const defaults: JobsOptions = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  removeOnComplete: { age: 3_600, count: 10_000 },
  removeOnFail: false,
};

/** All queues of one process, opened on first use over one connection that fails fast. */
export interface Queues {
  get(name: string): Queue;
  /** Hash-tagged, so that on Redis Cluster all keys of one queue share a slot. */
  prefixOf(name: string): string;
  close(): Promise<void>;
}

export function openQueues(redis: Redis, namespace: string): Queues {
  const open = new Map<string, Queue>();
  const prefixOf = (name: string) => `{${namespace}:${name}}`;
  return {
    prefixOf,
    get(name) {
      const known = open.get(name);
      if (known) return known;
      const queue = new Queue(name, {
        connection: redis,
        prefix: prefixOf(name),
        defaultJobOptions: defaults,
      });
      // The connection logs its own troubles; a queue without a handler would throw them.
      queue.on('error', () => {});
      open.set(name, queue);
      return queue;
    },
    async close() {
      await Promise.all([...open.values()].map((queue) => queue.close()));
    },
  };
}
