import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from './command.ts';
import { isWriteConflict } from './command-error.ts';

/** How long a command outside a transaction goes on meeting others before its client is told. */
export const CONFLICT_PATIENCE_MS = 30_000;

type Contender = Pick<Command, 'name' | 'database' | 'document' | 'inTransaction' | 'inTurn'>;

export interface ConflictOptions {
  /** Which errors are conflicts; those MongoDB calls so, unless told otherwise. */
  readonly isConflict?: (error: unknown) => boolean;
  /** The first attempt already repeats something. */
  readonly isRepetition?: boolean;
}

/**
 * Runs a statement again for as long as it meets others: it waited for a lock longer than the
 * database lets it, or was picked to end a deadlock, and has done nothing. A statement waits so
 * little because it holds a connection while it does; here it waits holding none.
 *
 * Repetitions on one collection take turns. Twenty racing inserts of one unique key each put in
 * their row and then wait for each other's; repeating them all at once can go on for ever.
 *
 * In a transaction the conflict is the client's, who has to repeat the whole.
 */
export async function repeatOnConflict<Result>(
  command: Contender,
  attempt: () => Promise<Result>,
  { isConflict = isWriteConflict, isRepetition = false }: ConflictOptions = {},
): Promise<Result> {
  const giveUpAt = performance.now() + CONFLICT_PATIENCE_MS;
  for (let round = 1; ; round += 1) {
    try {
      return await (round === 1 && !isRepetition ? attempt() : inTurn(command, attempt));
    } catch (error) {
      if (command.inTransaction || !isConflict(error) || performance.now() > giveUpAt) throw error;
      await backOff(round);
    }
  }
}

/** Runs a repetition in turn with the others on its collection. */
function inTurn<Result>(command: Contender, work: () => Promise<Result>): Promise<Result> {
  const { database, document, name } = command;
  return command.inTurn(`${database}.${String(document[name])}`, work);
}

/** Random, so that two that met do not meet again in step. */
export async function backOff(round: number): Promise<void> {
  await delay(Math.random() * Math.min(2 ** round, 100));
}
