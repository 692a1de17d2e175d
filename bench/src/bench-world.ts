import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropPlatform } from '@vitrine/demo/seed/drop-platform';
import { DEMO_SEED, seedDemo } from '@vitrine/demo/seed/seed-demo';
import { DEMO_SIZE, makeWorld, type World } from '@vitrine/demo/world/world';
import { createGraphClient, type GraphClient } from '@vitrine/graph-client/graph-client';
import { launch, type RunningPlatform, type Shape } from '@vitrine/launcher/launch';
import { startLocalServices } from '@vitrine/local-services/local-services';
import { readEnv } from '@vitrine/platform/env';
import { accessTokens, type Viewer } from '@vitrine/platform/viewer';
import { aViewer } from '@vitrine/testkit/viewers';

export const TOKEN_SECRET = 'the-token-secret-of-the-benchmarks-0123456789';
export const VIEWER_SECRET = 'the-viewer-secret-of-the-benchmarks-012345678';
/** Benchmarks spend as fast as they can from one address: quotas are counted, and never reached. */
export const QUOTAS = 'viewer=999999999999:999999999,guest=999999999999:999999999';

/** The demo world on data of its own, which platforms of either shape are started on. */
export interface BenchWorld {
  readonly world: World;
  /** Starts the platform; the first one also makes the demo world. */
  start(shape: Shape): Promise<RunningPlatform>;
  tokenOf(userId: string, claims?: Partial<Viewer>): Promise<string>;
  clientOf(
    platform: RunningPlatform,
    userId: string,
    claims?: Partial<Viewer>,
  ): Promise<GraphClient>;
  stop(): Promise<void>;
}

export const viewerOf = (userId: string, claims: Partial<Viewer> = {}): Viewer =>
  aViewer({ userId, sessionId: 'ses_bench', ...claims });

export async function openBenchWorld(): Promise<BenchWorld> {
  // Servers that are given may hold what another run has left, or is working with.
  const namespace = `bench${randomBytes(4).toString('hex')}`;
  const dataDir = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
  const env = readEnv();
  const servers = await startLocalServices({
    dataDir,
    mongoUrl: env.MONGODB_URL,
    redisUrl: env.REDIS_URL,
    ephemeral: true,
  });
  let isSeeded = false;
  let running: RunningPlatform | null = null;
  const tokens = accessTokens(TOKEN_SECRET);

  return {
    world: makeWorld({
      seed: DEMO_SEED,
      now: new Date(),
      mediaUrl: 'http://media',
      size: DEMO_SIZE,
    }),
    async start(shape) {
      await running?.stop();
      running = await launch({
        shape,
        dataDir,
        port: 0,
        namespace,
        mongoUrl: servers.mongoUrl,
        redisUrl: servers.redisUrl,
        env: { TOKEN_SECRET, VIEWER_SECRET, QUOTAS, LOG_LEVEL: 'warn' },
        onTrouble: (line) => void process.stderr.write(`  ${line}\n`),
        prepare: async (address) => {
          if (!isSeeded) await seedDemo(address);
          isSeeded = true;
        },
      });
      return running;
    },
    tokenOf: (userId, claims) => tokens.sign(viewerOf(userId, claims)),
    clientOf: async ({ url }, userId, claims) =>
      createGraphClient({ url, token: await tokens.sign(viewerOf(userId, claims)) }),
    async stop() {
      await running?.stop();
      await dropPlatform({ ...servers, namespace });
      await servers.stop();
      // A platform that failed to start may still be writing the pictures of its products.
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}
