import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from './command.ts';
import { isWriteConflict } from './command-error.ts';

/** How long a command outside a transaction goes on meeting others before its client is told. */
export const CONFLICT_PATIENCE_MS = 30_000;

/**
 * Runs a statement again for as long as it meets others: it waited for a lock longer than the
 * database lets it, or was picked to end a deadlock, and has done nothing. A statement waits so
 * little because it holds a connection while it does; here it waits holding none. In a transaction
 * the conflict is the client's, who has to repeat the whole.
 */
export async function repeatOnConflict<Result>(
  command: Pick<Command, 'inTransaction'>,
  attempt: () => Promise<Result>,
  isConflict: (error: unknown) => boolean = isWriteConflict,
): Promise<Result> {
  const giveUpAt = performance.now() + CONFLICT_PATIENCE_MS;
  for (let round = 1; ; round += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (command.inTransaction || !isConflict(error) || performance.now() > giveUpAt) throw error;
      await backOff(round);
    }
  }
}

/** Random, so that two that met do not meet again in step. */
export async function backOff(round: number): Promise<void> {
  await delay(Math.random() * Math.min(2 ** round, 100));
}
