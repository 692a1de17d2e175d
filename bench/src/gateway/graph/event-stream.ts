/** Events for any number of readers, each of which gets every event from when it began to read. */
export interface EventSource {
  publish(event: object): void;
  /** Ends when its reader returns. */
  stream(): AsyncIterableIterator<object>;
  /** Streams that were begun, and those that have not ended. */
  readonly begun: number;
  readonly active: number;
}

export function eventSource(): EventSource {
  const readers = new Set<(event: object) => void>();
  let begun = 0;
  return {
    publish(event) {
      for (const push of readers) push(event);
    },
    stream() {
      begun += 1;
      const waiting: object[] = [];
      let wake: ((result: IteratorResult<object>) => void) | undefined;
      let hasEnded = false;
      const push = (event: object): void => {
        const deliver = wake;
        wake = undefined;
        if (deliver) deliver({ done: false, value: event });
        else waiting.push(event);
      };
      readers.add(push);
      return {
        next() {
          const event = waiting.shift();
          if (event) return Promise.resolve({ done: false, value: event });
          if (hasEnded) return Promise.resolve({ done: true, value: undefined });
          return new Promise((resolve) => {
            wake = resolve;
          });
        },
        return() {
          hasEnded = true;
          readers.delete(push);
          wake?.({ done: true, value: undefined });
          return Promise.resolve({ done: true, value: undefined });
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    get begun() {
      return begun;
    },
    get active() {
      return readers.size;
    },
  };
}
