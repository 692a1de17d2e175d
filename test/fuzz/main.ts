import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dropPlatform } from '@vitrine/demo/seed/drop-platform';
import { seedDemo } from '@vitrine/demo/seed/seed-demo';
import { launch } from '@vitrine/launcher/launch';
import { startLocalServices } from '@vitrine/local-services/local-services';
import { readEnv } from '@vitrine/platform/env';
import { FUZZ_ENV } from './env.ts';
import { type Failure, fuzz } from './fuzz.ts';

/* `npm run fuzz [-- --documents 1000000 --seed 1]`: exits with 1 where anything was wrong. */
const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
});
const documents = Number(values.documents);
const seed = Number(values.seed);
if (!Number.isSafeInteger(documents) || documents < 1 || !Number.isSafeInteger(seed)) {
  throw new Error('--documents and --seed are whole numbers');
}

const namespace = `fuzz${randomBytes(4).toString('hex')}`;
const dataDir = await mkdtemp(join(tmpdir(), 'vitrine-fuzz-'));
const env = readEnv();
const servers = await startLocalServices({
  dataDir,
  mongoUrl: env.MONGODB_URL,
  redisUrl: env.REDIS_URL,
  ephemeral: true,
});
const platform = await launch({
  shape: 'in-process',
  dataDir,
  port: 0,
  namespace,
  mongoUrl: servers.mongoUrl,
  redisUrl: servers.redisUrl,
  env: FUZZ_ENV,
  onTrouble: (line) => console.error(line),
  prepare: async (address) => void (await seedDemo(address)),
});
try {
  const pid = platform.process('gateway').pid ?? 0;
  console.log(`fuzzing ${platform.url}, process ${pid}: ${documents} documents, seed ${seed}`);
  let shownAt = 0;
  const report = await fuzz({
    url: platform.url,
    pid,
    documents,
    seed,
    onProgress({ done, perSecond, megabytes, failures }) {
      if (Date.now() - shownAt < 2_000) return;
      shownAt = Date.now();
      console.log(`${done} of ${documents}, ${perSecond}/s, ${megabytes} MB, ${failures} failures`);
    },
  });
  const { failures, ...rest } = report;
  for (const failure of failures) console.log(shown(failure));
  console.log({ ...rest, failures: failures.length });
  if (failures.length > 0 || report.documents < documents) process.exitCode = 1;
} finally {
  await platform.stop();
  await dropPlatform({ ...servers, namespace });
  await servers.stop();
  await rm(dataDir, { recursive: true, force: true });
}

function shown({ number, reason, request, answer }: Failure): string {
  const body = String(request.body ?? '').slice(0, 4_000);
  return `\n--- ${number}: ${reason}\n${request.method} ${request.path}\n${JSON.stringify(request.headers)}\n${body}\n--- answered\n${answer}`;
}
