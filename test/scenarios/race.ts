import { expect } from 'vitest';
import type { TestPlatform } from '../platform.ts';
import {
  availableOf,
  placeOrderUntilDone,
  readyToBuy,
  setStock,
  somethingOnSale,
} from './shopping.ts';

const UNITS = 10;
const BUYERS = 50;

/** Fifty buyers want one of ten units, all at the same moment. */
export async function fiftyRaceForTen(test: TestPlatform): Promise<void> {
  const goods = somethingOnSale(test);
  await setStock(test, goods, UNITS);
  const buyers = test.world.buyers.slice(0, BUYERS);
  const ready = await Promise.all(
    buyers.map(async ({ userId }) => {
      const client = await test.as(userId);
      return { client, input: await readyToBuy(client, goods) };
    }),
  );

  const outcomes = await Promise.all(
    ready.map(({ client, input }) => placeOrderUntilDone(client, input)),
  );
  await test.settled();

  const orders = outcomes.flatMap((outcome) => outcome['orders']);
  const refusals = outcomes.flatMap((outcome) => outcome['userErrors']).map(({ code }) => code);
  expect(orders).toHaveLength(UNITS);
  expect(new Set(orders.map(({ id }) => id)).size).toBe(UNITS);
  expect(refusals).toEqual(Array(BUYERS - UNITS).fill('INSUFFICIENT_STOCK'));
  expect(await availableOf(test, goods)).toBe(0);
}
