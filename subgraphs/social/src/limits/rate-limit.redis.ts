import type { Services } from '@vitrine/platform/services';
import type { RateLimit } from './rate-limit.ts';

/** A fixed window that begins with the first spending; a refused spending costs nothing. */
const SPEND = `
local spent = tonumber(redis.call('GET', KEYS[1]) or '0')
if spent + ARGV[3] > tonumber(ARGV[1]) then
  return math.max(redis.call('PTTL', KEYS[1]), 1)
end
redis.call('INCRBY', KEYS[1], ARGV[3])
if spent == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`;

/**
 * Limits shared by all processes. While Redis is away nothing is limited: what is limited here is
 * durable elsewhere, and a silent platform would be worse than a noisy one.
 */
export const rateLimit =
  (services: Pick<Services, 'redis' | 'key' | 'logger'>): RateLimit =>
  async (key, { amount, windowMs }, cost = 1) => {
    try {
      const redisKey = services.key('limit', key);
      return Number(await services.redis.eval(SPEND, 1, redisKey, amount, windowMs, cost));
    } catch (error) {
      services.logger.warn({ err: error }, 'a limit was not applied');
      return 0;
    }
  };
