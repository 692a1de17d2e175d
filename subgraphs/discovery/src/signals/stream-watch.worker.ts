import { setTimeout as pause } from 'node:timers/promises';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { absorbBatches } from './absorb-batches.job.ts';
import { batchStream, streamKey } from './batch.stream.ts';
import { enqueueLatest } from './latest.job.ts';

const BLOCK_MS = 5_000;
const RETRY_MS = 500;

/**
 * Asks for absorption whenever the stream has grown, and once at the start for what was left
 * behind. It spares `recordEvents` all but its append; several processes may watch, since the job
 * is the same one.
 */
export function watchStream(services: Services): Closable {
  const blocking = services.openBlockingRedis();
  const stream = batchStream(services);
  const ask = enqueueLatest(services, absorbBatches);
  let isClosed = false;

  async function watch(): Promise<void> {
    // The place is noted before asking: what is appended meanwhile wakes the next read.
    let seen = await stream.lastId();
    await ask({});
    while (!isClosed) {
      const grown = await blocking.xread(
        'COUNT',
        1,
        'BLOCK',
        BLOCK_MS,
        'STREAMS',
        streamKey(services),
        seen,
      );
      const woken = grown?.[0]?.[1].at(-1)?.[0];
      if (woken === undefined) continue;
      const last = await stream.lastId();
      await ask({});
      seen = isLater(last, woken) ? last : woken;
    }
  }

  async function keepWatching(): Promise<void> {
    while (!isClosed) {
      try {
        await watch();
      } catch (error) {
        if (isClosed) return;
        services.logger.warn({ err: error }, 'the stream of batches is not watched');
        await pause(RETRY_MS);
      }
    }
  }

  const watching = keepWatching();
  return {
    async close() {
      isClosed = true;
      blocking.disconnect();
      await watching;
    },
  };
}

/** Ids of a stream are `<milliseconds>-<sequence>`. */
function isLater(a: string, b: string): boolean {
  const [aTime = 0, aSequence = 0] = a.split('-').map(Number);
  const [bTime = 0, bSequence = 0] = b.split('-').map(Number);
  return aTime === bTime ? aSequence > bSequence : aTime > bTime;
}
