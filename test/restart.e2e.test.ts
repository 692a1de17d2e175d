import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_SEED } from '@vitrine/demo/seed/seed-demo';
import { type DemoSession, signIn } from '@vitrine/demo/sign-in';
import { DEMO_SIZE, makeWorld } from '@vitrine/demo/world/world';
import { freePort } from '@vitrine/local-services/supervisor/free-port';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { placeOrderUntilDone, readyToBuy } from './scenarios/shopping.ts';
import { type StartedPlatform, startByCommand, stillRunning } from './started-platform.ts';

const PRODUCTS = `{ products(market: "GB", first: 100) { nodes { id } pageInfo { hasNextPage } } }`;
const ORDER = `query ($id: ID!) { order(id: $id) { state total { amount } lines { title } } }`;
const IN_ONE_MARKET = 100;

const world = makeWorld({ seed: DEMO_SEED, now: new Date(), mediaUrl: '', size: DEMO_SIZE });
const buyer = world.buyers.find(({ market }) => market === 'GB')?.handle ?? '';
const product = world.products.find(
  ({ market, variants }) =>
    market === 'GB' && variants.every(({ variantId }) => (world.stock.get(variantId) ?? 0) > 0),
);

let dataDir: string;
let running: StartedPlatform | undefined;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vitrine-restart-'));
});
afterAll(async () => {
  const left = running?.processes() ?? [];
  if (running && stillRunning(left.slice(0, 1)).length > 0) {
    running.signal('SIGKILL');
    await vi.waitFor(() => expect(stillRunning(left)).toEqual([]), { timeout: 20_000 });
  }
  await rm(dataDir, { recursive: true, force: true });
});

async function inASession<Result>(
  url: string,
  work: (session: DemoSession) => Promise<Result>,
): Promise<Result> {
  const session = await signIn(url, buyer);
  try {
    return await work(session);
  } finally {
    await session.client.close();
  }
}

test('what was started and killed leaves no process, and starts again with all its data', async () => {
  const variant = product?.variants[0];
  if (!product || !variant) throw new Error('the demo sells something in GB');
  const port = await freePort();

  const first = await startByCommand(dataDir, port);
  running = first;
  expect(first.output()).toContain('demo world');
  const order = await inASession(first.url, async ({ client }) => {
    const placed = await placeOrderUntilDone(
      client,
      await readyToBuy(client, { product, variant }),
    );
    const { id } = placed['orders'][0];
    return { id, page: (await client.run(ORDER, { id })).order };
  });
  expect(order.page.lines).toHaveLength(1);

  const mortal = first.processes();
  // The command, gateway, workers, the databases' minder, a database and Redis, at the least.
  expect(mortal.length).toBeGreaterThanOrEqual(6);
  first.signal('SIGKILL');
  await first.ended;
  await expect.poll(() => stillRunning(mortal), { timeout: 15_000 }).toEqual([]);

  const second = await startByCommand(dataDir, port);
  running = second;
  console.log(`ready again after ${(second.readyAfterMs / 1_000).toFixed(1)} s`);
  expect(second.readyAfterMs).toBeLessThan(30_000);
  expect(second.output()).not.toContain('demo world');
  await inASession(second.url, async ({ client }) => {
    expect((await client.run(ORDER, { id: order.id })).order).toMatchObject({
      total: order.page.total,
      lines: order.page.lines,
    });
    const { products } = await client.run(PRODUCTS);
    expect(products.nodes).toHaveLength(IN_ONE_MARKET);
    expect(products.pageInfo.hasNextPage).toBe(false);
  });

  const orderly = second.processes();
  second.signal('SIGINT');
  expect(await second.ended).toBe(0);
  await expect.poll(() => stillRunning(orderly), { timeout: 15_000 }).toEqual([]);
}, 240_000);
