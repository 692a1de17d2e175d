import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dropPlatform } from '@vitrine/demo/seed/drop-platform';
import { removeLocalData } from '@vitrine/local-services/local-services';
import { readEnv } from '@vitrine/platform/env';
import { launchOptionsOf } from './args.ts';
import { printStep, printTrouble } from './print.ts';

/* `npm run reset`: forgets everything. Servers of our own lose their data; given ones lose only what is ours. */
const start = performance.now();
try {
  const { dataDir, ...address } = launchOptionsOf(readEnv());
  await removeLocalData(dataDir);
  await dropPlatform(address);
  // By name: whoever points DATA_DIR at a folder of theirs keeps what else lies in it.
  for (const own of ['media', 'secrets.json', 'servers.json']) {
    await rm(join(dataDir, own), { recursive: true, force: true });
  }
  printStep({ name: 'reset', detail: 'all data are gone', ms: performance.now() - start });
  process.exit(0);
} catch (error) {
  printTrouble(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
