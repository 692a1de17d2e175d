import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalServices } from '@vitrine/local-services/local-services';
import { appTokens } from '@vitrine/platform/app-tokens';
import { inheritedEnv, readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { openRedis, whenReady } from '@vitrine/platform/redis';
import { accessTokens } from '@vitrine/platform/viewer';
import { TOKEN_SECRET, viewerOf } from '../bench-world.ts';
import { cpuDuring } from '../cpu.ts';
import { type BenchResult, type Figure, minimum } from '../figures.ts';
import { runChild } from '../gateway/child.ts';
import { BENCH_NAMESPACE, type Entrant, startVitrine } from '../gateway/entrants.ts';
import { READER } from '../gateway/graph/shop-graph.ts';
import type { Load } from '../gateway/measure.ts';
import type { LoadAnswer, LoadOrder } from '../gateway/messages.ts';
import { tokenLoop } from './token-loop.ts';

const ROUNDS = 7;
/** The kernel counts in steps of 10 ms; this many requests make that a thousandth of a millisecond. */
const REQUESTS = 8_000;
const WARM_UP = 30_000;
const KNOWN = 500;
const LIMIT_MS = 0.03;
const TARGETS = [
  'JWT, known',
  'opaque, known',
  'request: JWT, known, more',
  'request: opaque, known, more',
  'request: JWT, another each time, more',
  'request: opaque, another each time, more',
];

type MakeTokens = (count: number) => Promise<readonly string[] | undefined>;

/**
 * What it costs a gateway to find out who is asking: the check by itself in a loop, and requests with
 * and without a token, whose difference it is. All tokens are of one person, so that all requests
 * draw on one bucket, as those of a guest do.
 */
export async function benchTokens(say: (line: string) => void): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
  const env = readEnv();
  const services = await startLocalServices({
    dataDir: join(folder, 'data'),
    mongoUrl: env.MONGODB_URL,
    redisUrl: env.REDIS_URL,
    ephemeral: true,
  });
  const redis = openRedis(
    services.redisUrl,
    'command',
    openLogger({ LOG_LEVEL: 'silent' }, 'bench'),
  );
  let entrant: Entrant | undefined;
  try {
    await whenReady(redis);
    const alone = await tokenLoop(redis, BENCH_NAMESPACE);
    say('measured the check alone');

    entrant = await startVitrine('Vitrine in process', { isGrown: false }, { ...services, folder });
    const { child: load } = await runChild<LoadOrder, LoadAnswer>(
      new URL('../gateway/load-process.ts', import.meta.url),
      { env: inheritedEnv() },
    );
    const requests = await requestFigures(
      entrant,
      load,
      kindsOf(appTokens(redis, BENCH_NAMESPACE)),
      say,
    );
    await load.stop();

    const figures = [...alone, ...requests];
    const costOf = (label: string) => figures.find((figure) => figure.label === label)?.value;
    const isWithin = (label: string) => (costOf(label) ?? Number.NaN) <= LIMIT_MS;
    return {
      name: 'tokens',
      figures,
      targets: TARGETS.map((label) => ({
        text: `${label}, at most ${LIMIT_MS} ms`,
        isReached: isWithin(label),
      })),
    };
  } finally {
    await entrant?.stop();
    redis.disconnect();
    await services.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Tokens for so many requests, of each kind that is measured. */
function kindsOf(opaque: ReturnType<typeof appTokens>): Readonly<Record<string, MakeTokens>> {
  const jwts = accessTokens(TOKEN_SECRET);
  const viewer = viewerOf('usr_bench');
  const signed: MakeTokens = (count) =>
    Promise.all(Array.from({ length: count }, () => jwts.sign(viewer)));
  const put: MakeTokens = (count) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const token = randomBytes(32).toString('base64url');
        await opaque.put(token, viewer, new Date(Date.now() + 600_000));
        return token;
      }),
    );
  const once = (make: MakeTokens): MakeTokens => {
    const made = make(KNOWN);
    return () => made;
  };
  return {
    'no token': async () => undefined,
    'JWT, known': once(signed),
    'opaque, known': once(put),
    'JWT, another each time': signed,
    'opaque, another each time': put,
  };
}

async function requestFigures(
  { url, pid, label }: Entrant,
  load: Load,
  kinds: Readonly<Record<string, MakeTokens>>,
  say: (line: string) => void,
): Promise<readonly Figure[]> {
  let from = 0;
  const run = async (tokens: readonly string[] | undefined, count: number): Promise<number> => {
    const order: LoadOrder = { url, query: READER, from, count, ...(tokens ? { tokens } : {}) };
    from += count;
    const [ms = Number.NaN] = await cpuDuring([pid], async () => {
      const answer = await load.ask(order);
      if ('failures' in answer && answer.failures > 0) {
        throw new Error(`${label}: ${answer.failures} of ${count} failed: ${answer.first}`);
      }
    });
    return ms / count;
  };

  const measured = new Map<string, number[]>();
  await run(undefined, WARM_UP);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [kind, make] of Object.entries(kinds)) {
      const cost = await run(await make(REQUESTS), REQUESTS);
      // The first round sees every token of those that are known for the first time.
      if (round > 0) measured.set(kind, [...(measured.get(kind) ?? []), cost]);
    }
    say(`round ${round} of ${ROUNDS}`);
  }
  const costs = [...measured].map(([kind, values]) => ({ kind, cost: minimum(values) }));
  const without = costs[0]?.cost ?? Number.NaN;
  return costs.flatMap(({ kind, cost }, at) => [
    { label: `request: ${kind}`, value: cost, unit: 'CPU ms/request' },
    ...(at === 0
      ? []
      : [{ label: `request: ${kind}, more`, value: cost - without, unit: 'CPU ms/request' }]),
  ]);
}
