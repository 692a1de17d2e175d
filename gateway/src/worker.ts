import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { closeAll, endOnSignal } from '@vitrine/platform/shutdown';
import { openGatewayWork } from './work.ts';

/* The gateway's own worker, beside those of the subgraphs. */
const env = readEnv();
const logger = openLogger(env, 'gateway.worker');
const { MONGODB_URL: mongoUrl, REDIS_URL: redisUrl } = env;
if (!mongoUrl || !redisUrl) throw new Error('MONGODB_URL and REDIS_URL are needed');

const running = await openGatewayWork({ env, logger, mongoUrl, redisUrl });
endOnSignal(() => closeAll(running, logger, env.SHUTDOWN_SECONDS * 1_000), logger);
logger.info('working');
process.send?.({ ready: 'gateway' });
