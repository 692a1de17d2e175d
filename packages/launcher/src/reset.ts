import { rm } from 'node:fs/promises';
import { dropPlatform } from '@vitrine/demo/seed/drop-platform';
import { removeLocalData } from '@vitrine/local-services/local-services';
import { readEnv } from '@vitrine/platform/env';
import { dataDir } from './args.ts';
import { printStep } from './print.ts';

/* `npm run reset`: forgets everything. Servers of our own lose their data; given ones lose only what is ours. */
const env = readEnv();
const start = performance.now();
if (env.MONGODB_URL && env.REDIS_URL) {
  await dropPlatform({
    mongoUrl: env.MONGODB_URL,
    redisUrl: env.REDIS_URL,
    namespace: env.NAMESPACE,
  });
}
await removeLocalData(dataDir);
await rm(dataDir, { recursive: true, force: true });
printStep({ name: 'reset', detail: 'all data are gone', ms: performance.now() - start });
process.exit(0);
