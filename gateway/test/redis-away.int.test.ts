import { setTimeout as pause } from 'node:timers/promises';
import type { Services } from '@vitrine/platform/services';
import { startOwnRedis } from '@vitrine/testkit/own-redis';
import { expect, onTestFinished, test } from 'vitest';
import { runGateway, shapes } from './running-gateway.ts';
import { catalogOf, productId, type SmallSubgraph, shopsOf } from './small-graph.ts';

const AWAY_MS = 10_000;
/** A request that waits for Redis would take as long as Redis is away. */
const QUICK_MS = 2_000;

/** Shops whose motto is kept in Redis, and whose name is not. */
function shopsWithRedis(): SmallSubgraph {
  const shops = shopsOf({
    Shop: {
      __resolveReference: (ref: object) => ref,
      name: () => 'Batik House',
      motto: async (_shop: object, _args: object, { services }: { services: Services }) => {
        await services.redis.set('motto', 'Slow');
        return services.redis.get('motto');
      },
    },
  });
  return { ...shops, open: (services) => (scope) => ({ scope, services }) };
}

const QUERY = `{ product(id: "${productId}") { title shop { name motto } } }`;
const answerWith = (motto: string | null) => ({
  product: { title: `Title of ${productId}`, shop: { name: 'Batik House', motto } },
});

test.for(shapes)(
  'Redis away for ten seconds costs what is kept there and nothing else; %s',
  { timeout: 60_000 },
  async (shape) => {
    const redis = await startOwnRedis();
    const { post, gateway } = await runGateway([catalogOf(), shopsWithRedis()], {
      shape,
      redisUrl: redis.url,
    });
    onTestFinished(() => redis.remove());
    const ask = async () => {
      const began = performance.now();
      const { status, body } = await post({ query: QUERY });
      return { status, body, ms: performance.now() - began };
    };
    const readiness = async () => (await fetch(`${gateway.url}/readyz`)).status;
    expect((await ask()).body.data).toEqual(answerWith('Slow'));
    expect(await readiness()).toBe(200);

    await redis.stop();
    const until = performance.now() + AWAY_MS;
    while (performance.now() < until) {
      const { status, body, ms } = await ask();
      expect(status).toBe(200);
      expect(body.data).toEqual(answerWith(null));
      expect(body.errors).toMatchObject([
        {
          path: ['product', 'shop', 'motto'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', serviceName: 'shops' },
        },
      ]);
      expect(JSON.stringify(body.errors)).not.toMatch(/redis|ECONNREFUSED|stream/i);
      expect(ms).toBeLessThan(QUICK_MS);
      // As often as a client's quota allows, which holds without Redis as well.
      await pause(100);
    }
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    if (shape === 'in process') expect(await readiness()).toBe(503);

    await redis.start();
    await expect
      .poll(async () => (await ask()).body.data, { timeout: 10_000 })
      .toEqual(answerWith('Slow'));
    await expect.poll(readiness, { timeout: 10_000 }).toBe(200);
  },
);
