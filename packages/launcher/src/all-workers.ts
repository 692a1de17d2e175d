import { subgraphs } from '@vitrine/gateway/subgraphs';
import { openGatewayWork } from '@vitrine/gateway/work';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { serveMetrics } from '@vitrine/platform/metrics-server';
import { prepareDatabase, startWork } from '@vitrine/platform/run';
import { openServices } from '@vitrine/platform/services';
import { closeAll, endOnSignal } from '@vitrine/platform/shutdown';
import { openTracing } from '@vitrine/platform/tracing/tracing';

/* One process that works the facts, jobs and timers of all subgraphs and of the gateway: the one-machine shape. */
const env = readEnv();
const logger = openLogger(env, 'workers');
const { MONGODB_URL: mongoUrl, REDIS_URL: redisUrl } = env;
if (!mongoUrl || !redisUrl) throw new Error('MONGODB_URL and REDIS_URL are needed');
const tracing = await openTracing(env, 'workers', { logger });

const running = await Promise.all(
  subgraphs.map(async (subgraph) => {
    const services = await openServices(subgraph.name, { env, logger, mongoUrl, redisUrl });
    await prepareDatabase(subgraph, services);
    return [services, ...startWork(subgraph, services)];
  }),
);
running.push(await openGatewayWork({ env, logger, mongoUrl, redisUrl }));
const metrics = await serveMetrics(env);
const opened = [tracing, ...running.flat(), ...(metrics ? [metrics] : [])];
endOnSignal(() => closeAll(opened, logger, env.SHUTDOWN_SECONDS * 1_000), logger);
logger.info({ metricsPort: metrics?.port }, 'working');
process.send?.({ ready: 'workers' });
