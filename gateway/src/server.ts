import { readFileSync } from 'node:fs';
import { type Env, readEnv } from '@vitrine/platform/env';
import { type Logger, openLogger } from '@vitrine/platform/logger';
import { openRedis } from '@vitrine/platform/redis';
import { prepareDatabase } from '@vitrine/platform/run';
import { openServices } from '@vitrine/platform/services';
import { closeAll, endOnSignal } from '@vitrine/platform/shutdown';
import { openTracing } from '@vitrine/platform/tracing/tracing';
import { readManifest } from './documents/manifest.ts';
import { startGateway } from './gateway.ts';
import type { LocalSubgraph } from './options.ts';
import { audienceNames } from './requests/audience.ts';
import type { Supergraphs } from './requests/audiences.ts';
import { subgraphs } from './subgraphs.ts';

/* The gateway's process: subgraphs of `SUBGRAPH_URLS` are remote, all others run in here. */
const env = readEnv();
const logger = openLogger(env, 'gateway');
const remote = env.SUBGRAPH_URLS;
const tracing = await openTracing(env, 'gateway', { logger, isPublic: true });
const local = await openLocal(env, logger);
const redis = env.REDIS_URL ? openRedis(env.REDIS_URL, 'command', logger) : undefined;
const { public: supergraphSdl, ...contracts } = readSupergraphs();

const gateway = await startGateway({
  port: env.PORT,
  host: env.HOST,
  supergraphSdl,
  contracts,
  manifest: readManifest(),
  subgraphs: { local, remote },
  pages: Object.fromEntries(subgraphs.map(({ name, pages }) => [name, pages?.paths ?? []])),
  env,
  logger,
  ...(redis ? { redis } : {}),
});
const parts = [
  tracing,
  ...(redis ? [{ close: async () => redis.disconnect() }] : []),
  ...local.map(({ services }) => services),
  gateway,
];
endOnSignal(() => closeAll(parts, logger, env.SHUTDOWN_SECONDS * 1_000), logger);
logger.info({ url: gateway.url, remote: Object.keys(remote) }, 'serving');
// A new supergraph lies in its place: it is taken up without a failed request, or not at all.
process.on('SIGHUP', () => {
  gateway.swap(readSupergraphs()).catch((error: unknown) => {
    logger.error({ err: error }, 'the new supergraph cannot be served; the old one stays');
  });
});
process.send?.({ ready: 'gateway', url: `${gateway.url}/graphql` });

function readSupergraphs(): Supergraphs {
  const read = (file: string) =>
    readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8');
  const contracts = audienceNames.filter((name) => name !== 'public');
  return {
    ...Object.fromEntries(
      contracts.map((name) => [name, read(`contracts/${name}.supergraph.graphql`)]),
    ),
    public: read('supergraph.graphql'),
  };
}

async function openLocal(env: Env, logger: Logger): Promise<readonly LocalSubgraph[]> {
  const wanted = subgraphs.filter(({ name }) => !(name in remote));
  if (wanted.length === 0) return [];
  const { MONGODB_URL: mongoUrl, REDIS_URL: redisUrl } = env;
  if (!mongoUrl || !redisUrl) {
    throw new Error('MONGODB_URL and REDIS_URL are needed for subgraphs in this process');
  }
  return Promise.all(
    wanted.map(async (definition) => {
      const services = await openServices(definition.name, { env, logger, mongoUrl, redisUrl });
      await prepareDatabase(definition, services);
      return { definition, services };
    }),
  );
}
