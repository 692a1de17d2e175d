import { subgraphTest } from '@vitrine/testkit/subgraph';
import { social } from '../index.ts';
import { rateLimit } from './rate-limit.redis.ts';

const test = subgraphTest(social);

const LIMIT = { amount: 10, windowMs: 60_000 };

test('a limit holds however many spend at once, in however many processes', async ({
  subgraph,
  expect,
}) => {
  const [one, other] = [rateLimit(subgraph.services), rateLimit(subgraph.services)];
  const waits = await Promise.all(
    Array.from({ length: 30 }, (_, at) => (at % 2 === 0 ? one : other)('ana', LIMIT)),
  );
  expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
  const longest = Math.max(...waits);
  expect(longest).toBeGreaterThan(0);
  expect(longest).toBeLessThanOrEqual(LIMIT.windowMs);
  expect(await one('bea', LIMIT)).toBe(0);
});

test('what is refused costs nothing', async ({ subgraph, expect }) => {
  const limit = rateLimit(subgraph.services);
  expect(await limit('ana', LIMIT, 8)).toBe(0);
  expect(await limit('ana', LIMIT, 3)).toBeGreaterThan(0);
  expect(await limit('ana', LIMIT, 2)).toBe(0);
  expect(await limit('ana', LIMIT, 1)).toBeGreaterThan(0);
});

test('the window ends by itself', async ({ subgraph, expect }) => {
  const limit = rateLimit(subgraph.services);
  const short = { amount: 1, windowMs: 50 };
  expect(await limit('ana', short)).toBe(0);
  await expect.poll(() => limit('ana', short)).toBe(0);
});

test('nothing is limited while Redis is away', async ({ subgraph, expect }) => {
  const { services } = subgraph;
  const away = { eval: () => Promise.reject(new Error('away')) };
  // Only `eval` is called; a real connection cannot be cut off for one test alone.
  const limit = rateLimit({ ...services, redis: away as unknown as typeof services.redis });
  expect(await limit('ana', { amount: 0, windowMs: 1_000 })).toBe(0);
});
