import { readEnv } from './env.ts';
import { idempotencyModel } from './idempotency.ts';
import { type Logger, openLogger } from './logger.ts';
import { serveMetrics } from './metrics-server.ts';
import { buildIndexes } from './mongo.ts';
import { outboxModel } from './outbox/outbox.model.ts';
import { startRelay } from './outbox/relay.ts';
import { tombstoneModel } from './privacy/tombstones.ts';
import { serveSubgraph } from './server.ts';
import { openServices, type Services } from './services.ts';
import { type Closable, closeAll, endOnSignal } from './shutdown.ts';
import type { SubgraphDefinition } from './subgraph.ts';
import { timerModel } from './timers.ts';
import { openTracing } from './tracing/tracing.ts';

/** Registers the platform's and the subgraph's models and builds their indexes. */
export async function prepareDatabase(
  definition: SubgraphDefinition,
  services: Services,
  options: { readonly withExpiry?: boolean } = {},
): Promise<void> {
  outboxModel(services.db);
  timerModel(services.db);
  idempotencyModel(services.db);
  tombstoneModel(services.db);
  definition.models(services);
  await buildIndexes(services.db, options);
}

/** The subgraph's consumers, jobs and timers, and the relay of its outbox. */
export const startWork = (definition: SubgraphDefinition, services: Services): Closable[] => [
  startRelay(services),
  ...definition.work(services),
];

/** A process that serves one subgraph over HTTP on `HOST` and `PORT`. */
export const runServer = (definition: SubgraphDefinition): Promise<void> =>
  run(definition, 'server', async (services, logger) => {
    const { HOST: host, PORT: port } = services.env;
    const server = await serveSubgraph(definition, services, { host, port });
    logger.info({ url: server.url }, 'serving');
    process.send?.({ ready: definition.name, url: server.url });
    return [server];
  });

/** A process that works one subgraph's facts, jobs and timers; its metrics are on `METRICS_PORT`. */
export const runWorker = (definition: SubgraphDefinition): Promise<void> =>
  run(definition, 'worker', async (services, logger) => {
    const work = startWork(definition, services);
    const metrics = await serveMetrics(services.env);
    logger.info({ metricsPort: metrics?.port }, 'working');
    process.send?.({ ready: definition.name });
    return metrics ? [...work, metrics] : work;
  });

async function run(
  definition: SubgraphDefinition,
  role: 'server' | 'worker',
  start: (services: Services, logger: Logger) => Promise<Closable[]>,
): Promise<void> {
  const env = readEnv();
  const logger = openLogger(env, `${definition.name}.${role}`);
  if (!env.MONGODB_URL || !env.REDIS_URL) {
    throw new Error('MONGODB_URL and REDIS_URL are needed; `npm start` finds or starts both');
  }
  const tracing = await openTracing(env, `${definition.name}.${role}`, { logger });
  const services = await openServices(definition.name, {
    env,
    logger,
    mongoUrl: env.MONGODB_URL,
    redisUrl: env.REDIS_URL,
  });
  await prepareDatabase(definition, services);
  const parts = await start(services, logger);
  const opened = [tracing, services, ...parts];
  endOnSignal(() => closeAll(opened, logger, env.SHUTDOWN_SECONDS * 1_000), logger);
}
