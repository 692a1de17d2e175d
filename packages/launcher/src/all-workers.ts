import { subgraphs } from '@vitrine/gateway/subgraphs';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { prepareDatabase, startWork } from '@vitrine/platform/run';
import { openServices } from '@vitrine/platform/services';
import { closeAll, endOnSignal } from '@vitrine/platform/shutdown';

/* One process that works the facts, jobs and timers of all subgraphs: the one-machine shape. */
const env = readEnv();
const logger = openLogger(env, 'workers');
const { MONGODB_URL: mongoUrl, REDIS_URL: redisUrl } = env;
if (!mongoUrl || !redisUrl) throw new Error('MONGODB_URL and REDIS_URL are needed');

const running = await Promise.all(
  subgraphs.map(async (subgraph) => {
    const services = await openServices(subgraph.name, { env, logger, mongoUrl, redisUrl });
    await prepareDatabase(subgraph, services);
    return [services, ...startWork(subgraph, services)];
  }),
);
endOnSignal(() => closeAll(running.flat(), logger, env.SHUTDOWN_SECONDS * 1_000), logger);
logger.info('working');
process.send?.({ ready: 'workers' });
