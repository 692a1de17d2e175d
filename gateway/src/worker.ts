import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { serveMetrics } from '@vitrine/platform/metrics-server';
import { closeAll, endOnSignal } from '@vitrine/platform/shutdown';
import { openTracing } from '@vitrine/platform/tracing/tracing';
import { openGatewayWork } from './work.ts';

/* The gateway's own worker, beside those of the subgraphs. */
const env = readEnv();
const logger = openLogger(env, 'gateway.worker');
const { MONGODB_URL: mongoUrl, REDIS_URL: redisUrl } = env;
if (!mongoUrl || !redisUrl) throw new Error('MONGODB_URL and REDIS_URL are needed');

const tracing = await openTracing(env, 'gateway.worker', { logger });
const running = await openGatewayWork({ env, logger, mongoUrl, redisUrl });
const metrics = await serveMetrics(env);
const opened = [tracing, ...running, ...(metrics ? [metrics] : [])];
endOnSignal(() => closeAll(opened, logger, env.SHUTDOWN_SECONDS * 1_000), logger);
logger.info({ metricsPort: metrics?.port }, 'working');
process.send?.({ ready: 'gateway' });
