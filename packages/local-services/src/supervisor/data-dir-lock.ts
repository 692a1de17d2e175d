import { mkdir } from 'node:fs/promises';
import type { DataLayout } from './data-layout.ts';
import { type ExclusiveLock, waitForLock } from './exclusive-lock.ts';
import { LocalServicesError } from './messages.ts';

/** A holder whose starter was killed says so within this time. */
const GRACE_MS = 1_500;
const CLEAN_UP_MS = 40_000;

/**
 * The data folder for this process alone. Waits for a predecessor that is stopping; one that is
 * running is a refusal.
 */
export async function lockDataDir(
  layout: DataLayout,
  signal?: AbortSignal,
): Promise<ExclusiveLock> {
  await mkdir(layout.root, { recursive: true });
  const startedAt = performance.now();
  return waitForLock(layout.lock, `running ${process.pid}`, (holdersNote) => {
    signal?.throwIfAborted();
    const [state, pid] = holdersNote.split(' ');
    const waited = performance.now() - startedAt;
    if (waited < (state === 'stopping' ? CLEAN_UP_MS : GRACE_MS)) return;
    throw new LocalServicesError(
      `${layout.root} is in use: its databases run already, under process ${pid}. ` +
        'Stop whoever started them, or use another data folder.',
    );
  });
}
