import { readFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A lock between processes that the kernel takes back when its holder dies, however it dies. An
 * SQLite file is the one such lock Node has on every system; a file with a process id in it would
 * outlive its process and name another one after a restart of the machine.
 */
export interface ExclusiveLock {
  /** What others are told while they wait, in one word or line. */
  readonly note: (text: string) => Promise<void>;
  readonly release: () => void;
}

/** The lock, or undefined while another process holds it. */
export async function tryLock(path: string, note: string): Promise<ExclusiveLock | undefined> {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && error.message.includes('locked')) return undefined;
    throw error;
  }
  const lock: ExclusiveLock = {
    note: (text) => writeFile(notePath(path), text),
    release: () => database.close(),
  };
  await lock.note(note);
  return lock;
}

/** Waits for the lock; `onBusy` hears the holder's note each time and may throw to give up. */
export async function waitForLock(
  path: string,
  note: string,
  onBusy: (holdersNote: string) => void,
): Promise<ExclusiveLock> {
  for (;;) {
    const lock = await tryLock(path, note);
    if (lock !== undefined) return lock;
    onBusy(await readFile(notePath(path), 'utf8').catch(() => ''));
    await delay(50);
  }
}

function notePath(path: string): string {
  return `${path}-holder`;
}
