import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { checkoutAbandoned, orderPlaced } from '@vitrine/events/orders';
import { HOUR, MINUTE, plus } from '@vitrine/kernel/clock';
import { inheritedEnv } from '@vitrine/platform/env';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { inject, onTestFinished } from 'vitest';
import { aBuyer, payments, readyToOrder, requested, run, sell } from '../../test/world.ts';
import { orders } from '../index.ts';
import { checkoutStore } from './checkout.store.ts';
import type { CrashPoint } from './crash-points.ts';

const test = subgraphTest(orders);
const anna = aBuyer();

/** A worker process of its own on the test's data; answers how it ended. */
function startWorker(subgraph: TestSubgraph, crashAt?: CrashPoint) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../worker.ts')], {
    stdio: 'ignore',
    env: {
      ...inheritedEnv(),
      MONGODB_URL: inject('mongoUrl'),
      REDIS_URL: inject('redisUrl'),
      NAMESPACE: subgraph.services.env.NAMESPACE,
      ...(crashAt && { CRASH_AT: crashAt }),
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended: once(child, 'exit').then(([, signal]) => signal as string | null) };
}

// The others are passed by a client at its own pace, and tested through the gateway.
test.for<CrashPoint>([
  'checkout:after-time-ran-out',
  'checkout:after-void',
  'checkout:after-payment-voided',
])(
  'a worker that dies at %s leaves a checkout that the next one ends',
  { timeout: 60_000 },
  async (point, { subgraph, expect }) => {
    // The worker goes by the real clock; by it, what happens here happened an hour ago.
    subgraph.clock.advance(Date.now() - HOUR - subgraph.clock.now().getTime());
    subgraph.work();
    await sell(subgraph, [{ variantId: 'var_1' }]);
    const input = await readyToOrder(subgraph, anna, ['var_1']);
    const placing = run(subgraph, 'placeOrder', { input }, anna);
    const { checkoutId } = await requested(subgraph);
    const checkouts = checkoutStore(subgraph.services);
    const started = await checkouts.find(checkoutId);
    if (!started) throw new Error('the checkout is stored');
    const expiresAt = plus(subgraph.clock.now(), 15 * MINUTE);
    await checkouts.apply(started, { type: 'STOCK_RESERVED', reservationId: 'rsv_1', expiresAt });

    const dying = startWorker(subgraph, point);
    expect(await dying.ended).toBe('SIGKILL');
    const heir = startWorker(subgraph);
    await expect
      .poll(async () => (await checkouts.find(checkoutId))?.progress.state, { timeout: 15_000 })
      .toBe('EXPIRED');
    heir.child.kill('SIGTERM');
    await heir.ended;
    await placing;

    expect(await payments(subgraph)).toMatchObject([{ key: checkoutId, state: 'VOIDED' }]);
    expect(await subgraph.emitted(checkoutAbandoned)).toHaveLength(1);
    expect(await subgraph.emitted(orderPlaced)).toEqual([]);
  },
);
