import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis } from '@vitrine/local-services/redis/find-redis';
import { startRedis } from '@vitrine/local-services/redis/redis-server';
import { dataLayout } from '@vitrine/local-services/supervisor/data-layout';
import { freePort } from '@vitrine/local-services/supervisor/free-port';

/** A Redis that a test may take away, unlike the one all tests share. */
export interface OwnRedis {
  readonly url: string;
  stop(): Promise<void>;
  /** At the same address, with what it held. */
  start(): Promise<void>;
  /** For good, with its data. */
  remove(): Promise<void>;
}

const STOP_MS = 5_000;

export async function startOwnRedis(): Promise<OwnRedis> {
  const root = await mkdtemp(join(tmpdir(), 'vitrine-redis-'));
  const layout = dataLayout(root);
  await mkdir(layout.logs, { recursive: true });
  const binary = await findRedis(() => {});
  const port = await freePort();
  const run = () => startRedis({ binary, layout, port, ephemeral: true });
  let service = await run();
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: () => service.stop(STOP_MS),
    async start() {
      service = await run();
    },
    async remove() {
      await service.stop(STOP_MS);
      await rm(root, { recursive: true, force: true });
    },
  };
}
