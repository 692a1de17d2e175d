import type { Redis } from '@vitrine/platform/redis';
import type { Bucket } from './bucket.ts';

/**
 * For each key: adds what a process has taken already (`told`, also negative, also above the maximum:
 * a debt that is paid off before anything is allowed again), then the cost in question if it fits.
 * Time is Redis's own, so processes with different clocks agree. A bucket that has run empty is gone.
 */
const SCRIPT = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local answer = {}
for i, key in ipairs(KEYS) do
  local maximum = tonumber(ARGV[i * 4 - 3])
  local rate = tonumber(ARGV[i * 4 - 2])
  local told = tonumber(ARGV[i * 4 - 1])
  local cost = tonumber(ARGV[i * 4])
  local state = redis.call('HMGET', key, 'level', 'at')
  local level = tonumber(state[1]) or 0
  local passed = math.max(0, now - (tonumber(state[2]) or now))
  level = math.max(0, math.max(0, level - passed * rate / 1000) + told)
  local fits = level + cost <= maximum
  if fits then level = level + cost end
  if level > 0 then
    redis.call('HSET', key, 'level', string.format('%.3f', level), 'at', string.format('%.0f', now))
    redis.call('PEXPIRE', key, math.ceil(level / rate * 1000) + 1000)
  else
    redis.call('DEL', key)
  end
  answer[i * 2 - 1] = fits and 1 or 0
  answer[i * 2] = string.format('%.3f', level)
end
return answer
`;

export interface Pour {
  readonly bucket: Bucket;
  readonly told: number;
  readonly cost: number;
}

export interface Poured {
  readonly fits: boolean;
  readonly level: number;
}

/** All of them in one round trip; rejects where Redis is away. */
export async function pourInRedis(
  redis: Redis,
  prefix: string,
  pours: readonly Pour[],
): Promise<readonly Poured[]> {
  const answer = await redis.eval(
    SCRIPT,
    pours.length,
    ...pours.map(({ bucket }) => prefix + bucket.key),
    ...pours.flatMap(({ bucket, told, cost }) => [bucket.maximum, bucket.restoreRate, told, cost]),
  );
  // Two values per key, by the script above.
  const values = answer as readonly (number | string)[];
  return pours.map((_pour, index) => ({
    fits: values[index * 2] === 1,
    level: Number(values[index * 2 + 1]),
  }));
}
