import type { Logger } from './logger.ts';

/** Anything that has to be closed before a process may end. */
export interface Closable {
  close(): Promise<unknown>;
}

/**
 * Closes in reverse order of opening and gives up after `limitMs`, so that one stuck connection
 * cannot keep a process alive. Every failure is logged; none stops the rest.
 */
export async function closeAll(
  closables: readonly Closable[],
  logger: Logger,
  limitMs: number,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, limitMs, 'late');
  });
  const orderly = async (): Promise<'closed'> => {
    for (const closable of closables.toReversed()) {
      try {
        await closable.close();
      } catch (error) {
        logger.warn({ err: error }, 'could not close');
      }
    }
    return 'closed';
  };
  const outcome = await Promise.race([orderly(), limit]);
  clearTimeout(timer);
  if (outcome === 'late') logger.error({ limitMs }, 'did not close in time');
}

/**
 * Ends the process orderly on SIGTERM and SIGINT, once, within the time limit; a second signal
 * ends it at once. Processes started by the launcher also end when their parent does: its end
 * closes the IPC channel.
 */
export function endOnSignal(close: () => Promise<void>, logger: Logger): void {
  let isClosing = false;
  const end = (reason: string) => {
    if (isClosing) process.exit(1);
    isClosing = true;
    logger.info({ reason }, 'shutting down');
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
  // The parent went while this process was still starting: nobody will tell it any more.
  if (process.connected === false) end('parent gone');
  if (process.channel) {
    process.on('disconnect', () => end('parent gone'));
    process.channel.unref();
  }
}
