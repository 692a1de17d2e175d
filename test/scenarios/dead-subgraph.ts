import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { TestPlatform } from '../platform.ts';

const ROOM_PAGE = readFileSync(
  new URL('../../gateway/src/examples/01-room-page.graphql', import.meta.url),
  'utf8',
);

/** Discovery dies; the page goes on without recommendations, and has them again when it is back. */
export async function pageOutlivesASubgraph(test: TestPlatform): Promise<void> {
  const { running, world } = test;
  const room = world.rooms[0];
  const viewer = await test.as(world.buyers[0]?.userId ?? '');
  const page = () => viewer.send(ROOM_PAGE, { roomId: room?.roomId, market: room?.market });
  const discovery = running.process('discovery.server');

  const whole = await page();
  expect(whole.errors).toEqual([]);
  expect(whole.data?.['viewer'].recommendedProducts.nodes.length).toBeGreaterThan(0);

  await discovery.kill({ revive: false });
  const without = await page();
  expect(without.data?.['liveRoom']).toMatchObject({ id: room?.roomId, title: room?.title });
  expect(without.data?.['liveRoom'].bag.nodes[0].product.inStock).toBe(true);
  expect(without.data?.['viewer'].profile).toEqual(whole.data?.['viewer'].profile);
  expect(without.data?.['viewer'].recommendedProducts).toBeNull();
  const services = new Set(without.errors.map(({ extensions }) => extensions?.['serviceName']));
  expect([...services]).toEqual(['discovery']);

  await discovery.revive();
  await expect.poll(async () => (await page()).errors, { timeout: 20_000 }).toEqual([]);
}
