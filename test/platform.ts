import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropPlatform } from '@vitrine/demo/seed/drop-platform';
import { DEMO_SEED, seedDemo } from '@vitrine/demo/seed/seed-demo';
import { makeWorld, type World, type WorldSize } from '@vitrine/demo/world/world';
import { createGraphClient, type GraphClient } from '@vitrine/graph-client/graph-client';
import { launch, type RunningPlatform, type Shape } from '@vitrine/launcher/launch';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { settled } from '@vitrine/platform/quiescence';
import { openServices, type Services } from '@vitrine/platform/services';
import { type SubgraphName, subgraphNames } from '@vitrine/platform/subgraph';
import { accessTokens, type Viewer } from '@vitrine/platform/viewer';
import { aViewer } from '@vitrine/testkit/viewers';
import { inject } from 'vitest';

/** Small enough to be there in seconds, large enough for every part of the main job. */
const SIZE: WorldSize = {
  shopsPerMarket: 2,
  productsPerShop: 10,
  creators: 5,
  buyers: 60,
  sessionsPerBuyer: 2,
};

export const TOKEN_SECRET = 'the-token-secret-of-the-journeys-0123456789';

export interface TestPlatform {
  readonly running: RunningPlatform;
  readonly world: World;
  /** A client with that person's access token; closed with the platform. */
  as(userId: string, claims?: Partial<Viewer>): Promise<GraphClient>;
  guest(): GraphClient;
  /** The data of a subgraph, to look at what no query shows. */
  services(name: SubgraphName): Services;
  /** Every outbox drained, every queue idle. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the whole platform as real processes on a namespace of its own, with a small demo world. */
export async function startTestPlatform(
  shape: Shape,
  env: Readonly<Record<string, string>> = {},
): Promise<TestPlatform> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vitrine-journey-'));
  const namespace = `j${randomBytes(5).toString('hex')}`;
  const [mongoUrl, redisUrl] = [inject('mongoUrl'), inject('redisUrl')];
  const troubles: string[] = [];
  const running = await launch({
    shape,
    dataDir,
    port: 0,
    namespace,
    mongoUrl,
    redisUrl,
    env: { NODE_ENV: 'test', TOKEN_SECRET, ...env },
    onTrouble: (line) => void troubles.push(line),
    prepare: async (servers) => void (await seedDemo({ ...servers, size: SIZE })),
  }).catch((error: unknown) => {
    throw new Error(`the platform did not start: ${error}\n${troubles.join('\n')}`);
  });

  const logger = openLogger({ LOG_LEVEL: 'silent' }, 'journey');
  const own = { ...readEnv(), NAMESPACE: namespace };
  const all = await Promise.all(
    subgraphNames.map((name) => openServices(name, { env: own, logger, mongoUrl, redisUrl })),
  );
  const clients: GraphClient[] = [];
  const open = (token?: string): GraphClient => {
    const client = createGraphClient({ url: running.url, token, retryAttempts: 20 });
    clients.push(client);
    return client;
  };

  return {
    running,
    world: makeWorld({ seed: DEMO_SEED, now: new Date(), mediaUrl: 'http://media', size: SIZE }),
    as: async (userId, claims = {}) =>
      open(
        await accessTokens(TOKEN_SECRET).sign(
          aViewer({ userId, sessionId: 'ses_journey', ...claims }),
        ),
      ),
    guest: () => open(),
    services(name) {
      const services = all.find(({ subgraph }) => subgraph === name);
      if (!services) throw new Error(`no ${name}`);
      return services;
    },
    settled: () => settled(all),
    async stop() {
      await Promise.all(clients.map((client) => client.close().catch(() => {})));
      await running.stop();
      await Promise.all(all.map((services) => services.close()));
      await dropPlatform({ mongoUrl, redisUrl, namespace });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
