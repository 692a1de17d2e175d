interface Versioned {
  readonly version: number;
}

export interface Followed<Value extends Versioned> {
  /** As in `Changes`: calls back when in place and on each change, and returns how to stop. */
  readonly listen: (onChange: () => void) => () => void;
  /** What it is now; null ends the following. */
  readonly read: () => Promise<Value | null>;
  /** Nothing comes after it. */
  readonly isLast: (value: Value) => boolean;
  /** Looks again after so long without a change heard: notices may be lost. */
  readonly lookAgainMs: number;
}

/**
 * What an aggregate is now, then each newer version, until the last. Versions that pass while the
 * reader is away are told as one. Its `return` ends a `next` that waits, which a generator's cannot.
 */
export function follow<Value extends Versioned>({
  listen,
  read,
  isLast,
  lookAgainMs,
}: Followed<Value>): AsyncIterableIterator<Value> {
  let isStale = true;
  let isDone = false;
  let seen = 0;
  let wake: () => void = () => {};
  const onChange = () => {
    isStale = true;
    wake();
  };
  const stop = listen(onChange);

  function end(): { done: true; value: undefined } {
    isDone = true;
    stop();
    wake();
    return { done: true, value: undefined };
  }

  /** Nobody calls `return` after a `next` that failed, so a failure stops the listening itself. */
  async function readOrEnd(): Promise<Value | null> {
    try {
      return await read();
    } catch (error) {
      end();
      throw error;
    }
  }

  async function changed(): Promise<void> {
    if (isStale || isDone) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      timer = setTimeout(onChange, lookAgainMs);
    });
    clearTimeout(timer);
  }

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (!isDone) {
        await changed();
        if (isDone) break;
        isStale = false;
        const value = await readOrEnd();
        if (isDone || !value) break;
        if (value.version <= seen) continue;
        seen = value.version;
        if (isLast(value)) end();
        return { done: false, value };
      }
      return end();
    },
    async return() {
      return end();
    },
  };
}
