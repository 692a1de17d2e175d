import type { Services } from '@vitrine/platform/services';
import { z } from 'zod';
import type { Batch } from './signal.ts';

const stored = z.object({
  id: z.string(),
  viewerId: z.string(),
  signals: z.array(
    z.object({
      kind: z.enum(['VIEW', 'CLICK', 'LIKE', 'SHARE', 'ADD_TO_CART', 'PURCHASE', 'DISMISS']),
      productId: z.string(),
      market: z.string(),
      at: z.iso.datetime().transform((text) => new Date(text)),
      dwellMs: z.number().nullable(),
    }),
  ),
});

/** Where nothing has been read yet. */
export const STREAM_START = '0-0';

/** So many batches wait at most; under a flood the oldest are lost, and no more than interest with them. */
const MOST_WAITING = 1_000_000;
const HIDDEN_SECONDS = 86_400;
const PIPELINE = 500;

export interface Entry {
  readonly streamId: string;
  /** Null for what cannot be read: skipped, never in the way of the rest. */
  readonly batch: Batch | null;
}

export interface BatchStream {
  /** One append per batch, all in one round trip. Throws at once while Redis is away. */
  append(batches: readonly Batch[]): Promise<void>;
  readAfter(streamId: string, count: number): Promise<Entry[]>;
  /** Drops what has been absorbed. */
  trimThrough(streamId: string): Promise<void>;
  lastId(): Promise<string>;
  /**
   * What the viewer dismissed in batches that may still wait, so that a dismissal holds from the
   * moment it is answered. Empty when Redis cannot tell: the profile soon can.
   */
  dismissedBy(viewerId: string): Promise<string[]>;
}

export const streamKey = (services: Pick<Services, 'key'>): string => services.key('batches');

export function batchStream(services: Pick<Services, 'redis' | 'key'>): BatchStream {
  const { redis } = services;
  const key = streamKey(services);
  const dismissedKey = (viewerId: string) => services.key('dismissed', viewerId);

  async function appendChunk(batches: readonly Batch[]): Promise<void> {
    const pipeline = redis.pipeline();
    for (const batch of batches) {
      pipeline.xadd(key, 'MAXLEN', '~', MOST_WAITING, '*', 'batch', JSON.stringify(batch));
      const dismissed = batch.signals.filter(({ kind }) => kind === 'DISMISS');
      if (dismissed.length > 0) {
        const own = dismissedKey(batch.viewerId);
        pipeline.sadd(own, ...dismissed.map(({ productId }) => productId));
        pipeline.expire(own, HIDDEN_SECONDS);
      }
    }
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
  }

  return {
    async append(batches) {
      for (let at = 0; at < batches.length; at += PIPELINE) {
        await appendChunk(batches.slice(at, at + PIPELINE));
      }
    },
    async readAfter(streamId, count) {
      const entries = await redis.xrange(key, `(${streamId}`, '+', 'COUNT', count);
      return entries.map(([id, fields]) => ({ streamId: id, batch: read(fields[1]) }));
    },
    async trimThrough(streamId) {
      const [milliseconds, sequence] = streamId.split('-').map(Number);
      await redis.xtrim(key, 'MINID', `${milliseconds}-${(sequence ?? 0) + 1}`);
    },
    async lastId() {
      const [last] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
      return last?.[0] ?? STREAM_START;
    },
    dismissedBy: (viewerId) => redis.smembers(dismissedKey(viewerId)).catch(() => []),
  };
}

function read(text: string | undefined): Batch | null {
  try {
    return stored.parse(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}
