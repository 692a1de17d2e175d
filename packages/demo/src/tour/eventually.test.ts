import type { Data, GraphStream } from '@vitrine/graph-client/graph-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually, watch } from './eventually.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('eventually', () => {
  test('asks again until the answer is as wanted', async () => {
    let answers = 0;
    const asking = eventually(
      async () => ++answers,
      (answer) => answer === 4,
    );
    await vi.advanceTimersByTimeAsync(1_000);

    await expect(asking).resolves.toBe(4);
    expect(answers).toBe(4);
  });

  test('answers the last answer when none is as wanted within ten seconds', async () => {
    const asking = eventually(
      async () => 'no',
      () => false,
    );
    await vi.advanceTimersByTimeAsync(11_000);

    await expect(asking).resolves.toBe('no');
  });
});

/** A stream that a test puts events on. */
function streamByHand(): GraphStream & { push(text: string): void; fail(error: Error): void } {
  const events: Data[] = [];
  let wake = Promise.withResolvers<void>();
  return {
    push(text) {
      events.push({ liveRoomEvents: { text } });
      wake.resolve();
    },
    fail: (error) => wake.reject(error),
    async next() {
      while (events.length === 0) {
        await wake.promise;
        wake = Promise.withResolvers();
      }
      return { done: false, value: events.shift() ?? {} };
    },
    async return() {
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

describe('watching a room', () => {
  const saying = (text: string) => (event: Data) => event['text'] === text;

  test('finds an event that came before it was waited for', async () => {
    const stream = streamByHand();
    const watching = watch(stream);
    stream.push('one');
    stream.push('two');
    await vi.advanceTimersByTimeAsync(0);

    expect(await watching.until(saying('one'))).toEqual({ text: 'one' });
    expect(watching.seen).toHaveLength(2);
  });

  test('waits for one that comes later, past others', async () => {
    const stream = streamByHand();
    const waiting = watch(stream).until(saying('wanted'));
    for (const text of ['other', 'another', 'wanted']) {
      stream.push(text);
      await vi.advanceTimersByTimeAsync(100);
    }

    expect(await waiting).toEqual({ text: 'wanted' });
  });

  test('answers null after ten seconds, for a lost stream as for a silent one', async () => {
    const [silent, lost] = [streamByHand(), streamByHand()];
    const waiting = [silent, lost].map((stream) => watch(stream).until(saying('never')));
    silent.push('something else');
    lost.fail(new Error('connection lost'));
    await vi.advanceTimersByTimeAsync(10_001);

    expect(await Promise.all(waiting)).toEqual([null, null]);
  });
});
