import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceProcess } from './service-process.ts';

/** A service that is started again whenever it ends unasked. */
export interface KeptService {
  readonly stop: (graceMs: number) => Promise<void>;
}

const PAUSE_MS = 500;

/** Starts a service and keeps it running; rejects when the first start fails. */
export async function keepRunning(
  start: () => Promise<ServiceProcess>,
  signal: AbortSignal,
): Promise<KeptService> {
  let current = await start();
  let isStopping = false;
  let stopGraceMs = 0;

  const watch = async (): Promise<void> => {
    for (;;) {
      await current.exited;
      while (current.hasExited()) {
        if (isStopping || signal.aborted) return;
        try {
          current = await start();
          // Asked to stop while it was starting: whoever asked stopped the one before it.
          if (isStopping) await current.stop(stopGraceMs);
        } catch (error) {
          console.error(error);
          await delay(PAUSE_MS);
        }
      }
    }
  };
  const watching = watch();

  return {
    async stop(graceMs) {
      isStopping = true;
      stopGraceMs = graceMs;
      await current.stop(graceMs);
      await watching;
    },
  };
}
