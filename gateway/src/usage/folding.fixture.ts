import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { openServices } from '@vitrine/platform/services';
import { foldUsage } from './fold-usage.ts';

/* A process that folds once, and dies where `CRASH_AT` says. */
const env = readEnv();
const { MONGODB_URL: mongoUrl, REDIS_URL: redisUrl } = env;
if (!mongoUrl || !redisUrl) throw new Error('MONGODB_URL and REDIS_URL are needed');
const logger = openLogger(env, 'folding');
const services = await openServices('gateway', { env, logger, mongoUrl, redisUrl });
await foldUsage(services);
await services.close();
