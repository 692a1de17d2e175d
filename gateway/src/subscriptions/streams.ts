/**
 * Maps a stream item by item. `return()` ends the upstream and a `next()` that is still waiting at
 * once, even where the upstream is an async generator parked on a promise: such a one handles
 * `return()` only after its current item, which may never come.
 */
export function mapStream<From, To>(
  upstream: AsyncIterator<From>,
  map: (item: From) => Promise<To>,
): AsyncGenerator<To, void, void> {
  let isOpen = true;
  let finishWaiting: ((result: IteratorResult<To, void>) => void) | undefined;

  const endUpstream = (): void => {
    if (!isOpen) return;
    isOpen = false;
    // Not awaited: see above. A source that fails to clean up has nobody left to tell.
    upstream.return?.().catch(() => {});
  };

  const step = async (): Promise<IteratorResult<To, void>> => {
    try {
      const item = await upstream.next();
      if (item.done || !isOpen) {
        isOpen = false;
        return ended;
      }
      return { done: false, value: await map(item.value) };
    } catch (error) {
      endUpstream();
      throw error;
    }
  };

  return generator({
    next: () =>
      isOpen
        ? new Promise((resolve, reject) => {
            finishWaiting = resolve;
            step().then(resolve, reject);
          })
        : Promise.resolve(ended),
    end() {
      endUpstream();
      finishWaiting?.(ended);
    },
  });
}

/** A stream that is pushed into. `onEnd` runs once, whoever ends it. */
export interface PushStream<Item> {
  readonly stream: AsyncGenerator<Item, void, void>;
  push(item: Item): void;
  /** Ends the stream after what was pushed, with an error where one is given. */
  finish(error?: Error): void;
}

export function pushStream<Item>(
  onEnd: () => void,
  { limit, tooSlow }: { readonly limit: number; readonly tooSlow: () => Error },
): PushStream<Item> {
  const waitingItems: Item[] = [];
  let failure: Error | undefined;
  let isOpen = true;
  let wake: (() => void) | undefined;

  const finish = (error?: Error): void => {
    if (!isOpen) return;
    isOpen = false;
    failure = error;
    wake?.();
    onEnd();
  };

  return {
    push(item) {
      if (!isOpen) return;
      if (waitingItems.length >= limit) {
        waitingItems.length = 0;
        finish(tooSlow());
        return;
      }
      waitingItems.push(item);
      wake?.();
    },
    finish,
    stream: generator({
      async next() {
        for (;;) {
          const item = waitingItems.shift();
          if (item !== undefined) return { done: false, value: item };
          if (!isOpen) {
            const error = failure;
            failure = undefined;
            if (error) throw error;
            return ended;
          }
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          wake = undefined;
        }
      },
      end() {
        waitingItems.length = 0;
        finish();
      },
    }),
  };
}

/** The same stream, telling once that it is over: by itself, by an error, or by its reader leaving. */
export function onEnd<Item>(
  upstream: AsyncGenerator<Item, void, void>,
  tell: (error?: unknown) => void,
): AsyncGenerator<Item, void, void> {
  let isOver = false;
  const over = (error?: unknown): void => {
    if (isOver) return;
    isOver = true;
    tell(error);
  };
  return generator({
    async next() {
      try {
        const item = await upstream.next();
        if (item.done) over();
        return item;
      } catch (error) {
        over(error);
        throw error;
      }
    },
    end() {
      upstream.return().catch(() => {});
      over();
    },
  });
}

const ended: IteratorReturnResult<void> = { done: true, value: undefined };

function generator<Item>({
  next,
  end,
}: {
  next(): Promise<IteratorResult<Item, void>>;
  end(): void;
}): AsyncGenerator<Item, void, void> {
  const self: AsyncGenerator<Item, void, void> = {
    next,
    return: async () => {
      end();
      return ended;
    },
    throw: async (error) => {
      end();
      throw error;
    },
    [Symbol.asyncIterator]: () => self,
    [Symbol.asyncDispose]: async () => end(),
  };
  return self;
}
