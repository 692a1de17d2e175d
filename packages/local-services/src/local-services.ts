import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { lockDataDir } from './supervisor/data-dir-lock.ts';
import { dataLayout } from './supervisor/data-layout.ts';
import type { Step } from './supervisor/messages.ts';
import { startSupervisor } from './supervisor/start-supervisor.ts';

export { LocalServicesError } from './supervisor/messages.ts';

export interface LocalServicesOptions {
  /** Folder the data lives in; it is made when missing. */
  readonly dataDir: string;
  /** A MongoDB to use as it is, instead of one found or started here. */
  readonly mongoUrl?: string | undefined;
  /** A Redis to use as it is, instead of one found or started here. */
  readonly redisUrl?: string | undefined;
  /** Told of each step, e.g. `MongoDB: DocumentDB on 127.0.0.1:40123` with milliseconds. */
  readonly report?: (step: Step) => void;
  /** Throw-away data: fsync off, for tests. */
  readonly ephemeral?: boolean;
}

export interface LocalServices {
  readonly mongoUrl: string;
  readonly redisUrl: string;
  /** Ends what was started here; the data stay. */
  stop(): Promise<void>;
}

/**
 * MongoDB and Redis for one machine: given by URL, found, or installed and started. They end with
 * this process, however it ends. Throws `LocalServicesError`, whose message says what was tried,
 * when there is none to be had or the data folder is in use.
 */
export async function startLocalServices(options: LocalServicesOptions): Promise<LocalServices> {
  const { mongoUrl, redisUrl, report } = options;
  if (mongoUrl !== undefined) report?.({ name: 'MongoDB', detail: 'given by its URL', ms: 0 });
  if (redisUrl !== undefined) report?.({ name: 'Redis', detail: 'given by its URL', ms: 0 });
  if (mongoUrl !== undefined && redisUrl !== undefined) {
    return { mongoUrl, redisUrl, stop: async () => undefined };
  }
  const supervisor = await startSupervisor(
    {
      dataDir: resolve(options.dataDir),
      startMongo: mongoUrl === undefined,
      startRedis: redisUrl === undefined,
      ephemeral: options.ephemeral ?? false,
    },
    (step) => report?.(step),
  );
  return {
    mongoUrl: mongoUrl ?? supervisor.mongoUrl,
    redisUrl: redisUrl ?? supervisor.redisUrl,
    stop: supervisor.stop,
  };
}

/**
 * Deletes the data of both services in the folder, and nothing else in it. Refuses while they
 * run; waits for services that are stopping.
 */
export async function removeLocalData(dataDir: string): Promise<void> {
  const layout = dataLayout(resolve(dataDir));
  const lock = await lockDataDir(layout);
  try {
    for (const folder of layout.folders) await rm(folder, { recursive: true, force: true });
  } finally {
    lock.release();
  }
}
