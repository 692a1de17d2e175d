import { expect, test } from 'vitest';
import { createLanes } from './lanes.ts';

test('work under one name takes turns in the order it came, failed or not', async () => {
  const inTurn = createLanes();
  const log: string[] = [];
  const work =
    (name: string, fails = false) =>
    async () => {
      log.push(`${name} begins`);
      await new Promise(setImmediate);
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const outcomes = await Promise.allSettled([
    inTurn('lane', work('a')),
    inTurn('lane', work('b', true)),
    inTurn('lane', work('c')),
  ]);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('different names do not wait for each other', async () => {
  const inTurn = createLanes();
  let release = () => {};
  const held = inTurn('one', () => new Promise<void>((resolve) => (release = resolve)));
  expect(await inTurn('other', async () => 'done')).toBe('done');
  release();
  await held;
});
