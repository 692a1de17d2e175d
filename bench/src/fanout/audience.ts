import { inheritedEnv } from '@vitrine/platform/env';
import { type Child, runChild } from '../gateway/child.ts';
import type { ReadersAnswer, ReadersOrder } from './messages.ts';

/** Processes that share the sockets, so that reading is not what is measured. */
const READERS = 2;

/** All sockets of one server. */
export interface Audience {
  /** Resolves when every socket has received so many events since the last reset. */
  all(events: number): Promise<void>;
  /** The same, or false where that takes longer. */
  allWithin(events: number, ms: number): Promise<boolean>;
  reset(): Promise<void>;
  /** Of the frame that was received last. */
  frameBytes(): number;
  stop(): Promise<void>;
}

export async function openAudience(
  url: string,
  { sockets, query }: { readonly sockets: number; readonly query?: string },
): Promise<Audience> {
  const readers: Child<ReadersOrder, ReadersAnswer>[] = [];
  const received: number[] = [];
  let bytes = 0;
  let waiting: { events: number; done: () => void } | null = null;
  const check = (): void => {
    if (waiting && Math.min(...received) >= waiting.events) waiting.done();
  };
  const stop = async (): Promise<void> => {
    await Promise.all(readers.map((reader) => reader.stop()));
  };

  const settle: (() => void)[] = [];
  const tellAll = async (order: ReadersOrder): Promise<void> => {
    await Promise.all(
      readers.map(
        (reader, index) =>
          new Promise<void>((done) => {
            settle[index] = done;
            reader.tell(order);
          }),
      ),
    );
  };
  for (let index = 0; index < READERS; index += 1) {
    const { child } = await runChild<ReadersOrder, ReadersAnswer>(
      new URL('readers-process.ts', import.meta.url),
      { env: inheritedEnv() },
    );
    readers.push(child);
    received.push(0);
    child.listen((answer) => {
      if (answer === 'done') return settle[index]?.();
      received[index] = answer.events;
      bytes = answer.bytes;
      check();
    });
  }
  await tellAll({ url, sockets: sockets / READERS, ...(query === undefined ? {} : { query }) });

  const all = (events: number): Promise<void> =>
    new Promise((done) => {
      waiting = { events, done };
      check();
    });
  return {
    all,
    async allWithin(events, ms) {
      const { promise: tooLate, resolve } = Promise.withResolvers<false>();
      const timer = setTimeout(resolve, ms, false as const);
      const isThere = await Promise.race([all(events).then(() => true), tooLate]);
      clearTimeout(timer);
      return isThere;
    },
    async reset() {
      await tellAll('reset');
      received.fill(0);
    },
    frameBytes: () => bytes,
    stop,
  };
}
