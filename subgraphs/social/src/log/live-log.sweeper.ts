import { DAY, MINUTE, SECOND } from '@vitrine/kernel/clock';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import type { LiveLogStore } from './live-log.store.ts';

/** Often, for what a process that was just killed has not streamed; seldom, for Redis coming back empty. */
const PASSES = [
  { everyMs: SECOND, lookingBackMs: MINUTE },
  { everyMs: MINUTE, lookingBackMs: DAY },
];

/** Streams committed events that were not streamed. Several may run: appending again does nothing. */
export function startLogSweeper(services: Services, log: Pick<LiveLogStore, 'sweep'>): Closable {
  let running: Promise<void> = Promise.resolve();
  let isBusy = false;

  function sweep(lookingBackMs: number): void {
    if (isBusy) return;
    isBusy = true;
    running = log
      .sweep(lookingBackMs)
      .catch((error: unknown) =>
        services.logger.warn({ err: error }, 'live logs will be swept again'),
      )
      .finally(() => {
        isBusy = false;
      });
  }

  const intervals = PASSES.map(({ everyMs, lookingBackMs }) =>
    setInterval(sweep, everyMs, lookingBackMs),
  );
  sweep(DAY);
  return {
    async close() {
      for (const interval of intervals) clearInterval(interval);
      await running;
    },
  };
}
