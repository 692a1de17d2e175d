import { expect, test } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

test('work of one key runs in its order, work of another is not held up, and a failure holds nobody up', async () => {
  const inTurn = oneAtATime();
  const log: string[] = [];
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const first = inTurn('a', async () => {
    await gate;
    log.push('a1');
    throw new Error('a1 fails');
  });
  const second = inTurn('a', async () => void log.push('a2'));
  await inTurn('b', async () => void log.push('b1'));
  open();
  await expect(first).rejects.toThrow('a1 fails');
  await second;
  expect(log).toEqual(['b1', 'a1', 'a2']);
});
