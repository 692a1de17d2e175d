import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
} from 'graphql';

/**
 * Like `subscribe` of graphql-js, but with a context per event: it keeps one for the whole
 * subscription, and loaders kept that long would serve old values with new events.
 */
export async function subscribePerEvent(
  args: ExecutionArgs,
  contextOfEvent: () => object,
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const events = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in events)) return events;
  const upstream = events[Symbol.asyncIterator]();
  const ended: IteratorReturnResult<void> = { done: true, value: undefined };
  const end = async (): Promise<IteratorReturnResult<void>> => {
    await upstream.return?.();
    return ended;
  };
  const results: AsyncGenerator<ExecutionResult, void, void> = {
    async next() {
      const event = await upstream.next();
      if (event.done) return ended;
      const contextValue = contextOfEvent();
      return {
        done: false,
        value: await execute({ ...args, rootValue: event.value, contextValue }),
      };
    },
    return: end,
    async throw(error) {
      await end();
      throw error;
    },
    [Symbol.asyncIterator]: () => results,
    [Symbol.asyncDispose]: async () => void (await end()),
  };
  return results;
}
