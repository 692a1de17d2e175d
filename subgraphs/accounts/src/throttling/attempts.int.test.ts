import { MINUTE, SECOND } from '@vitrine/kernel/clock';
import { whenReady } from '@vitrine/platform/redis';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { localAttempts, redisAttempts } from './attempts.redis.ts';
import { type Attempt, limits } from './attempts.ts';

const test = subgraphTest(accounts);

const guess: Attempt = { kind: 'SIGN_IN', account: 'ann@example.com', address: '192.0.2.7' };
const { free } = limits.SIGN_IN.account;

test('many attempts at once are no more than the free ones', async ({ subgraph }) => {
  const attempts = redisAttempts(subgraph.services);

  const answers = await Promise.all(Array.from({ length: 40 }, () => attempts.begin(guess)));

  expect(answers.filter((answer) => answer === null)).toHaveLength(free);
  expect(answers).toContainEqual({ retryAfterSeconds: 1 });
});

test('who waits may try again, and then waits for twice as long', async ({ subgraph }) => {
  const attempts = redisAttempts(subgraph.services);
  for (let n = 0; n < free; n += 1) await attempts.begin(guess);

  expect(await attempts.begin(guess)).toEqual({ retryAfterSeconds: 1 });
  subgraph.clock.advance(SECOND);
  expect(await attempts.begin(guess)).toBeNull();
  expect(await attempts.begin(guess)).toEqual({ retryAfterSeconds: 2 });
});

test('a success forgets the account and gives the address back what it took', async ({
  subgraph,
}) => {
  const attempts = redisAttempts(subgraph.services);
  const perAddress = limits.SIGN_IN.client.free;

  for (let n = 0; n < perAddress * 2; n += 1) {
    const own = { ...guess, account: `user${n}@example.com` };
    expect(await attempts.begin(own)).toBeNull();
    await attempts.succeeded(own);
  }
  for (let n = 0; n < perAddress; n += 1) {
    await attempts.begin({ ...guess, account: `user${n}@example.com` });
  }
  expect(await attempts.begin({ ...guess, account: 'next@example.com' })).not.toBeNull();
  expect(await attempts.begin({ ...guess, address: '198.51.100.1' })).toBeNull();
});

test('addresses of one IPv6 network count as one', async ({ subgraph }) => {
  const attempts = redisAttempts(subgraph.services);
  for (let n = 0; n < limits.SIGN_IN.client.free; n += 1) {
    await attempts.begin({ ...guess, account: `user${n}`, address: `2001:db8:1:2::${n}` });
  }
  const next = { ...guess, account: 'next' };
  expect(await attempts.begin({ ...next, address: '2001:db8:1:2:ffff::1' })).not.toBeNull();
  expect(await attempts.begin({ ...next, address: '2001:db8:1:3::1' })).toBeNull();
});

test('Redis holds no address of anybody', async ({ subgraph }) => {
  const { redis, env } = subgraph.services;
  await redisAttempts(subgraph.services).begin(guess);
  const keys = await redis.keys(`${env.NAMESPACE}:*attempts*`);
  expect(keys).toHaveLength(2);
  expect(keys.join()).not.toMatch(/ann|192\.0/);
  expect(await redis.pttl(keys[0] ?? '')).toBeGreaterThan(0);
});

describe('a process by itself', () => {
  test('decides as Redis does, whatever is tried when', async ({ subgraph }) => {
    const { services, clock } = subgraph;
    const step = fc.record({
      account: fc.constantFrom('ann', 'bob'),
      address: fc.constantFrom('192.0.2.1', '192.0.2.2', null),
      kind: fc.constantFrom('SIGN_IN' as const, 'MAIL' as const),
      pause: fc.constantFrom(0, 0, 500, SECOND, MINUTE, 20 * MINUTE),
      isRight: fc.boolean(),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        run += 1;
        const local = localAttempts(services.clock);
        const prefix = `run${run}`;
        const shared = redisAttempts({
          ...services,
          key: (...parts) => services.key(prefix, ...parts),
        });
        for (const { pause, isRight, ...attempt } of steps) {
          clock.advance(pause);
          const answer = await local.begin(attempt);
          expect(await shared.begin(attempt)).toEqual(answer);
          if (answer === null && isRight) {
            await local.succeeded(attempt);
            await shared.succeeded(attempt);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('goes on counting while Redis is away', async ({ subgraph }) => {
    const away = subgraph.services.redis.duplicate();
    await whenReady(away);
    away.disconnect();
    const attempts = redisAttempts({ ...subgraph.services, redis: away });

    for (let n = 0; n < free; n += 1) expect(await attempts.begin(guess)).toBeNull();
    expect(await attempts.begin(guess)).toEqual({ retryAfterSeconds: 1 });
    await expect(attempts.succeeded(guess)).resolves.toBeUndefined();
    expect(await attempts.begin(guess)).toBeNull();
  });
});
