import { expect, test } from 'vitest';
import { capacity } from './capacity.ts';

test('places are given in the order they were asked for, and never more than there are', async () => {
  const places = capacity(2);
  const order: number[] = [];
  const held = await Promise.all([places.acquire(), places.acquire()]);
  const waiting = [1, 2, 3].map(async (who) => {
    const release = await places.acquire();
    order.push(who);
    return release;
  });
  expect(places.free).toBe(0);
  await Promise.resolve();
  expect(order).toEqual([]);

  held[0]?.();
  // Given back once, however often it is said.
  held[0]?.();
  const first = await waiting[0];
  expect(order).toEqual([1]);
  first?.();
  held[1]?.();
  for (const release of await Promise.all(waiting.slice(1))) release();

  expect(order).toEqual([1, 2, 3]);
  expect(places.free).toBe(2);
});
