import { expect, test } from 'vitest';
import { eventQueue, ReaderTooSlow } from './event-queue.ts';
import type { LiveEvent, RoomPulse } from './live-event.ts';

const event = (sequence: number): LiveEvent => ({
  kind: 'EVENT',
  roomId: 'liv_1',
  sequence,
  at: new Date(0),
  body: { type: 'CARD_UNPINNED', productId: 'prd_1' },
});
const pulse = (viewerCount: number): RoomPulse => ({
  kind: 'PULSE',
  viewerCount,
  likeCount: 0,
  orderCount: 0,
});

const open = (limit = 10) => {
  let ends = 0;
  const queue = eventQueue({ limit, onEnd: () => (ends += 1) });
  return { queue, ends: () => ends };
};

test('events come in order and before the pulse, of which only the newest is kept', async () => {
  const { queue } = open();
  queue.pulse(pulse(1));
  queue.push(event(1));
  queue.pulse(pulse(2));
  queue.push(event(2));
  expect(await queue.next()).toMatchObject({ sequence: 1 });
  expect(await queue.next()).toMatchObject({ sequence: 2 });
  expect(await queue.next()).toMatchObject({ viewerCount: 2 });
  queue.finish();
  expect(await queue.next()).toBeNull();
});

test('a reader that waits gets what comes next', async () => {
  const { queue } = open();
  const waiting = queue.next();
  queue.push(event(7));
  expect(await waiting).toMatchObject({ sequence: 7 });
});

test('a finished queue is read to its end', async () => {
  const { queue, ends } = open();
  queue.push(event(1));
  queue.finish();
  queue.push(event(2));
  expect(await queue.next()).toMatchObject({ sequence: 1 });
  expect(await queue.next()).toBeNull();
  expect(ends()).toBe(1);
});

test('closing lets a waiting reader go at once', async () => {
  const { queue, ends } = open();
  const waiting = queue.next();
  queue.close();
  expect(await waiting).toBeNull();
  queue.close();
  expect(ends()).toBe(1);
});

test('a reader too far behind is let go, and pulses never make it so', async () => {
  const { queue, ends } = open(3);
  for (let at = 1; at <= 50; at += 1) queue.pulse(pulse(at));
  for (let at = 1; at <= 3; at += 1) queue.push(event(at));
  expect(await queue.next()).toMatchObject({ sequence: 1 });
  queue.push(event(4));
  expect(ends()).toBe(0);
  queue.push(event(5));
  expect(ends()).toBe(1);
  await expect(queue.next()).rejects.toThrow(ReaderTooSlow);
});
