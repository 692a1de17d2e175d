import { expect } from 'vitest';
import type { TestPlatform } from '../platform.ts';
import { availableOf, placeOrderUntilDone, readyToBuy, setStock } from './shopping.ts';

const BUYERS = 12;
const STOCK = 40;

/**
 * The process of all workers is killed three times while twelve people buy from a live room. Each
 * sale is a dozen facts and jobs; every one of them has its effect, and once.
 */
export async function workerKilledInAJob(test: TestPlatform): Promise<void> {
  const room = test.world.rooms.find(({ state }) => state === 'LIVE');
  const productId = room?.bagProductIds.find((id) =>
    test.world.collaborations.some((collaboration) => collaboration.productId === id),
  );
  const product = test.world.products.find((candidate) => candidate.productId === productId);
  const variant = product?.variants[0];
  if (!room || !product || !variant) throw new Error('the live room sells something');
  const goods = { product, variant };
  await setStock(test, goods, STOCK);
  const buyers = test.world.buyers.filter(({ market }) => market === room.market).slice(0, BUYERS);
  const ready = await Promise.all(
    buyers.map(async ({ userId }) => {
      const client = await test.as(userId);
      return { client, input: await readyToBuy(client, goods, { roomId: room.roomId }) };
    }),
  );
  const workers = test.running.process('workers');

  const buying = ready.map(({ client, input }) => placeOrderUntilDone(client, input));
  for (let kills = 0; kills < 3; kills += 1) {
    await workers.kill();
    await workers.ready();
  }
  const outcomes = await Promise.all(buying);
  await test.settled();

  const orders = outcomes.flatMap((outcome) => outcome['orders']);
  expect(orders).toHaveLength(buyers.length);
  const lines = orders.flatMap(({ lines: own }) => own.map(({ id }: { id: string }) => id));
  expect(await availableOf(test, goods)).toBe(STOCK - lines.length);
  const commissions = await test
    .services('affiliate')
    .db.collection('commissions')
    .find({ orderLineId: { $in: lines } })
    .toArray();
  expect(commissions).toHaveLength(lines.length);
}
