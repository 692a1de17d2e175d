import { setTimeout } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import type { operationReader } from './operations.ts';
import type { UsedOperation } from './plans.ts';

/** What serves clients: a reader and an engine over one schema. */
export interface Warmable {
  readonly engine: Engine;
  readonly read: ReturnType<typeof operationReader>;
}

/**
 * Plans and compiles operations before clients send them. Each takes the event loop for as long as
 * one plan takes; then all others have it for at least as long. Operations that are not valid any
 * more are passed over. Gives back how many are ready.
 */
export async function warmPlans(
  { engine, read }: Warmable,
  operations: Iterable<Pick<UsedOperation, 'text' | 'operationName'>>,
  signal?: AbortSignal,
): Promise<number> {
  let ready = 0;
  for (const { text, operationName } of operations) {
    if (signal?.aborted) break;
    const started = performance.now();
    const operation = read(text, operationName);
    if ('document' in operation && engine.prepare(operation)) ready += 1;
    // A timer that is due at once would be run before what clients have sent in the meantime.
    await setTimeout(Math.max(1, performance.now() - started));
  }
  return ready;
}
