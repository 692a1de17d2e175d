import { type Binary, type Document, Long } from 'bson';
import type { QueryOptions, RunStatement } from '../wire/database.ts';
import { CommandError } from './command-error.ts';
import type { InTurn } from './lanes.ts';

/** One command on its way to the database. */
export interface Command {
  readonly name: string;
  readonly database: string;
  readonly document: Document;
  readonly body: Buffer;
  readonly sequence: Buffer | null;
  /** The socket it came by: what it opens is released when that socket closes. */
  readonly connectionId: number;
  /** The driver's session as hex; undefined for a command outside any. */
  readonly session: string | undefined;
  /** On the transaction's own connection, or on any. */
  readonly run: RunStatement;
  readonly inTransaction: boolean;
  /** Never on the transaction's connection: for questions after it has failed. */
  readonly runOutside: RunStatement;
  readonly inTurn: InTurn;
}

/** A reply: BSON straight from the database, or a document to encode. */
export type Reply = Buffer | Document;

export type CommandHandler = (command: Command) => Promise<Reply> | Reply;

/** The collection a command names as its own value: `{ find: 'orders' }`. */
export function collectionOf(command: Command): string {
  const name: unknown = command.document[command.name];
  if (typeof name === 'string' && name !== '') return name;
  throw new CommandError({
    code: 73,
    codeName: 'InvalidNamespace',
    message: `collection name of ${command.name} has invalid type or is empty`,
  });
}

export function sessionOf(document: Document): string | undefined {
  return sessionId(document['lsid']);
}

/** `{ id: UUID }` as hex. */
export function sessionId(lsid: unknown): string | undefined {
  if (typeof lsid !== 'object' || lsid === null || !('id' in lsid)) return undefined;
  // The driver's own field: a UUID, always BSON binary.
  const id = lsid.id as Partial<Binary> | null;
  return id?.buffer === undefined ? undefined : Buffer.from(id.buffer).toString('hex');
}

/** A number of the command in decimal digits, whatever BSON type it came as. */
export function numberOf(value: unknown): string {
  if (Long.isLong(value)) return value.toString();
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}

/**
 * Identity of a retryable write, `session:number`: the database answers the second one from its
 * record of the first. Inside a transaction the transaction itself is what is retried.
 */
export function retryableWriteId(command: Command): string | null {
  const { txnNumber, autocommit } = command.document;
  if (txnNumber === undefined || autocommit !== undefined) return null;
  return command.session === undefined ? null : `${command.session}:${numberOf(txnNumber)}`;
}

/** Options of a read: it may run again, and no longer than the client waits. */
export function readOptions(command: Command): QueryOptions {
  return { repeatable: !command.inTransaction, maxTimeMs: maxTimeOf(command) };
}

export function maxTimeOf(command: Command): number | undefined {
  const limit = Number(numberOf(command.document['maxTimeMS']));
  return limit > 0 ? limit : undefined;
}
