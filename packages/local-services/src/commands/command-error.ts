import type { Document } from 'bson';
import { errorCodeOf, isConflict } from './error-codes.ts';

/** Where a command failed decides which labels tell the driver that it may try again. */
export type Attempt = 'transaction' | 'retryable-write' | 'plain';

/** A failure as the driver will see it. */
export class CommandError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly labels: readonly string[];
  /** Further fields of the reply, e.g. `keyPattern`. */
  readonly details: Document;

  constructor(failure: {
    code: number;
    codeName: string;
    message: string;
    labels?: readonly string[];
    details?: Document;
  }) {
    super(failure.message);
    this.code = failure.code;
    this.codeName = failure.codeName;
    this.labels = failure.labels ?? [];
    this.details = failure.details ?? {};
  }

  toDocument(): Document {
    return {
      ok: 0,
      errmsg: this.message,
      code: this.code,
      codeName: this.codeName,
      ...this.details,
      ...(this.labels.length > 0 ? { errorLabels: this.labels } : {}),
    };
  }
}

/** SQLSTATE of a failed statement, or the system's code (`ECONNREFUSED`) of a lost connection. */
export function stateOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return '';
}

const LOST = /^(57P0[123]|08...|E[A-Z]+)$/;

/** The database went away under the statement: nobody knows whether the statement took effect. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof CommandError) return false;
  return (
    LOST.test(stateOf(error)) ||
    /Connection terminated|not queryable|Client has encountered a connection error/.test(
      error.message,
    )
  );
}

export function isWriteConflict(error: unknown): boolean {
  return error instanceof CommandError ? error.code === 112 : isConflict(stateOf(error));
}

/** Any failure in MongoDB's terms. */
export function toCommandError(error: unknown, attempt: Attempt): CommandError {
  if (error instanceof CommandError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const labels = retryLabels(attempt);
  if (isConnectionLost(error)) {
    // ShutdownInProgress: drivers look for the primary again and repeat what is repeatable.
    return new CommandError({ code: 91, codeName: 'ShutdownInProgress', message, labels });
  }
  const state = stateOf(error);
  const known = errorCodeOf(state);
  if (isConflict(state)) {
    return new CommandError({ ...known, message: `Write conflict: ${message}`, labels });
  }
  return new CommandError({
    ...known,
    message: known.code === 8 && state !== '' ? `${message} (${state})` : message,
  });
}

function retryLabels(attempt: Attempt): readonly string[] {
  if (attempt === 'transaction') return ['TransientTransactionError'];
  return attempt === 'retryable-write' ? ['RetryableWriteError'] : [];
}

export function noSuchTransaction(message: string): CommandError {
  return new CommandError({
    code: 251,
    codeName: 'NoSuchTransaction',
    message,
    labels: ['TransientTransactionError'],
  });
}
