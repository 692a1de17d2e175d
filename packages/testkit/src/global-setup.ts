import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalServices } from '@vitrine/local-services/local-services';
import { readEnv } from '@vitrine/platform/env';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    readonly mongoUrl: string;
    readonly redisUrl: string;
  }
}

/** Starts MongoDB and Redis once for all test files, with data that are thrown away. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const env = readEnv();
  const dataDir = await mkdtemp(join(tmpdir(), 'vitrine-test-'));
  const services = await startLocalServices({
    dataDir,
    mongoUrl: env.MONGODB_URL,
    redisUrl: env.REDIS_URL,
    ephemeral: true,
    report: ({ name, detail, ms }) => console.log(`${name}: ${detail} (${Math.round(ms)} ms)`),
  });
  project.provide('mongoUrl', services.mongoUrl);
  project.provide('redisUrl', services.redisUrl);
  return async () => {
    await services.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
