import { expect, test } from 'vitest';
import { mapStream, onEnd, pushStream } from './streams.ts';

const never = (): Promise<never> => new Promise(() => {});
const tooSlow = () => new Error('too slow');

async function all<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

test('a mapped stream yields what the upstream yields, mapped, in order', async () => {
  async function* numbers() {
    yield* [1, 2, 3];
  }
  expect(await all(mapStream(numbers(), async (n) => n * 10))).toEqual([10, 20, 30]);
});

test('leaving a mapped stream ends an upstream that waits, and the read that waits for it', async () => {
  let returned = 0;
  const upstream: AsyncIterator<number> = {
    next: never,
    return: async () => {
      returned += 1;
      return { done: true, value: undefined };
    },
  };
  const stream = mapStream(upstream, async (n) => n);
  const waiting = stream.next();

  await stream.return();

  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(returned).toBe(1);
});

test('leaving does not wait for an async generator that is parked on a promise', async () => {
  async function* parked() {
    await never();
    yield 1;
  }
  const stream = mapStream(parked(), async (n) => n);
  const waiting = stream.next();
  await stream.return();
  expect((await waiting).done).toBe(true);
});

test('leaving twice ends the upstream once', async () => {
  let returned = 0;
  const upstream: AsyncIterator<number> = {
    next: never,
    async return() {
      returned += 1;
      return { done: true, value: undefined };
    },
  };
  const stream = mapStream(upstream, async (n) => n);
  await stream.return();
  await stream.return();
  expect(returned).toBe(1);
  expect((await stream.next()).done).toBe(true);
});

test('an item that cannot be mapped ends the upstream and reaches the reader as an error', async () => {
  let isEnded = false;
  async function* numbers() {
    try {
      yield* [1, 2];
    } finally {
      isEnded = true;
    }
  }
  const stream = mapStream(numbers(), async () => {
    throw new Error('no map');
  });
  await expect(stream.next()).rejects.toThrow('no map');
  expect(isEnded).toBe(true);
  expect((await stream.next()).done).toBe(true);
});

test('an error of the upstream reaches the reader', async () => {
  const upstream: AsyncIterator<number> = { next: () => Promise.reject(new Error('broken')) };
  await expect(mapStream(upstream, async (n) => n).next()).rejects.toThrow('broken');
});

test('what is pushed before and after a read arrives in order, then the end', async () => {
  const { stream, push, finish } = pushStream<number>(() => {}, { limit: 10, tooSlow });
  push(1);
  const items = all(stream);
  push(2);
  push(3);
  finish();
  push(4);
  expect(await items).toEqual([1, 2, 3]);
});

test('a failure arrives after what was pushed before it, once', async () => {
  const { stream, push, finish } = pushStream<number>(() => {}, { limit: 10, tooSlow });
  push(1);
  finish(new Error('gone'));
  expect(await stream.next()).toEqual({ done: false, value: 1 });
  await expect(stream.next()).rejects.toThrow('gone');
  expect((await stream.next()).done).toBe(true);
});

test('a reader that falls too far behind gets an error instead of what it missed', async () => {
  let ends = 0;
  const { stream, push } = pushStream<number>(() => (ends += 1), { limit: 2, tooSlow });
  push(1);
  push(2);
  push(3);
  await expect(stream.next()).rejects.toThrow('too slow');
  expect(ends).toBe(1);
});

test('leaving a pushed stream ends it once and wakes the read that waits', async () => {
  let ends = 0;
  const { stream, push, finish } = pushStream<number>(() => (ends += 1), { limit: 2, tooSlow });
  const waiting = stream.next();
  await stream.return();
  push(1);
  finish();
  expect((await waiting).done).toBe(true);
  expect(ends).toBe(1);
});

test('the end of a stream is told once, with the error where there is one', async () => {
  const told: unknown[] = [];
  async function* items() {
    yield 1;
  }
  await all(onEnd(items(), (error) => told.push(error)));

  async function* broken() {
    yield* [];
    throw new Error('broken');
  }
  const failing = onEnd(broken(), (error) => told.push(error));
  await expect(failing.next()).rejects.toThrow('broken');
  await failing.return();

  const left = onEnd(items(), (error) => told.push(error));
  await left.return();
  await left.return();

  expect(told).toEqual([undefined, expect.objectContaining({ message: 'broken' }), undefined]);
});
