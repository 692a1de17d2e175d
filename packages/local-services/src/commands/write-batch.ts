import { BSON, type Document } from 'bson';
import { splitSequence } from '../wire/message.ts';
import type { Command } from './command.ts';

/** Reply of insert, update and delete, its values in BSON's own types. */
export interface WriteResult extends Document {
  n?: unknown;
  nModified?: unknown;
  upserted?: { index: unknown; _id: unknown }[];
  writeErrors?: { index: unknown; code: unknown; errmsg: unknown }[];
}

const LIST_OF = { insert: 'documents', update: 'updates', delete: 'deletes' } as const;

/** Operations to run again, with the places they had in the batch the client sent. */
export interface RemainingOperations {
  readonly batch: { readonly body: Buffer; readonly sequence: Buffer };
  readonly indexes: readonly number[];
}

/**
 * What of a batch is still to do after conflicts: the conflicting operations, and in an ordered
 * batch all behind the first of them, since the database stopped there.
 */
export function remainingOperations(
  command: Pick<Command, 'name' | 'document' | 'body' | 'sequence'>,
  conflicts: NonNullable<WriteResult['writeErrors']>,
): RemainingOperations {
  const list = LIST_OF[command.name as keyof typeof LIST_OF];
  const operations = operationsOf(command, list);
  const failed = new Set(conflicts.map((conflict) => Number(conflict.index)));
  const isOrdered = command.document['ordered'] !== false;
  const firstFailed = Math.min(...failed);
  const indexes = operations
    .keys()
    .filter((index) => (isOrdered ? index >= firstFailed : failed.has(index)))
    .toArray();
  const { [list]: _sent, ...head } = BSON.deserialize(command.body, { promoteValues: false });
  return {
    batch: {
      body: Buffer.from(BSON.serialize(head)),
      sequence: Buffer.concat(indexes.map((index) => operations[index] ?? Buffer.alloc(0))),
    },
    indexes,
  };
}

function operationsOf(
  command: Pick<Command, 'body' | 'sequence'>,
  list: string,
): readonly Uint8Array[] {
  if (command.sequence !== null) return splitSequence(command.sequence);
  const operations: unknown = BSON.deserialize(command.body, { promoteValues: false })[list];
  return Array.isArray(operations) ? operations.map((operation) => BSON.serialize(operation)) : [];
}

/**
 * The result of a batch and of its repeated part as one, in the places of the whole. What the
 * batch said of the repeated operations no longer counts.
 */
export function mergeWriteResults(
  earlier: WriteResult,
  repeated: WriteResult,
  indexes: readonly number[],
): WriteResult {
  const placed = <T extends { index: unknown }>(list: readonly T[] | undefined): T[] =>
    (list ?? []).map((item) => ({ ...item, index: indexes[Number(item.index)] ?? item.index }));
  const merged: WriteResult = {
    ...earlier,
    n: Number(earlier.n ?? 0) + Number(repeated.n ?? 0),
    writeErrors: [
      ...(earlier.writeErrors ?? []).filter((error) => !indexes.includes(Number(error.index))),
      ...placed(repeated.writeErrors),
    ],
  };
  if (earlier.nModified !== undefined) {
    merged.nModified = Number(earlier.nModified) + Number(repeated.nModified ?? 0);
  }
  const upserted = [...(earlier.upserted ?? []), ...placed(repeated.upserted)];
  if (upserted.length > 0) merged.upserted = upserted;
  return merged;
}
