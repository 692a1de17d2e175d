import { BSON, type Document } from 'bson';
import { bytes, type Row, type Statement } from '../wire/database.ts';
import {
  type Command,
  type CommandHandler,
  collectionOf,
  maxTimeOf,
  type Reply,
  retryableWriteId,
} from './command.ts';
import { backOff, CONFLICT_PATIENCE_MS, repeatOnConflict } from './conflicts.ts';
import {
  duplicateKeyError,
  duplicateKeyMessage,
  isDuplicateKey,
  violatedIndex,
} from './duplicate-key.ts';
import { errorCodeOf, isConflict, unpackSqlState } from './error-codes.ts';
import { mergeWriteResults, remainingOperations, type WriteResult } from './write-batch.ts';

export const writeCommands: Record<string, CommandHandler> = {
  insert: batchWrite('insert'),
  update: batchWrite('update'),
  delete: batchWrite('delete'),
  findAndModify,
  findandmodify: findAndModify,
};

function batchWrite(kind: 'insert' | 'update' | 'delete'): CommandHandler {
  const statement = {
    name: kind,
    text: `SELECT p_result::bytea AS result, p_success AS success
      FROM documentdb_api.${kind}($1, $2::bytea, $3::bytea, $4)`,
  };
  return async (command) => {
    const first = await runBatch(command, statement, command);
    if (first.complete !== undefined) return first.complete;
    return finishBatch(command, statement, first.result);
  };
}

interface Batch {
  readonly body: Buffer;
  readonly sequence: Buffer | null;
  readonly isRepetition?: boolean;
}

type BatchOutcome =
  | { readonly complete: Buffer; readonly result?: undefined }
  | { readonly complete?: undefined; readonly result: WriteResult };

async function runBatch(
  command: Command,
  statement: Statement,
  batch: Batch,
): Promise<BatchOutcome> {
  const values = [command.database, batch.body, batch.sequence, retryableWriteId(command)];
  const row = await repeatOnConflict(command, () => runWrite(command, statement, values), {
    isRepetition: batch.isRepetition === true,
  });
  const result = bytes(row, 'result');
  if (row['success'] === true) return { complete: result };
  // Promotion off: what is merged and sent on must keep its 32 or 64 bits.
  return { result: BSON.deserialize(result, { promoteValues: false }) as WriteResult };
}

/**
 * A batch with errors. A conflict in it is no error of the client's: in a transaction it becomes
 * the whole command's, outside one its operations run again, and only they, since the others have
 * taken effect.
 */
async function finishBatch(
  command: Command,
  statement: Statement,
  first: WriteResult,
): Promise<Reply> {
  const giveUpAt = performance.now() + CONFLICT_PATIENCE_MS;
  let result = first;
  for (let round = 1; ; round += 1) {
    const conflicts = (result.writeErrors ?? []).filter((error) =>
      isConflict(unpackSqlState(Number(error.code))),
    );
    const [conflict] = conflicts;
    if (conflict === undefined) return await translated(command, result);
    if (command.inTransaction || performance.now() > giveUpAt) {
      throw new BatchConflict(String(conflict.errmsg));
    }
    await backOff(round);
    const rest = remainingOperations(command, conflicts);
    const again = await runBatch(command, statement, { ...rest.batch, isRepetition: true });
    const repeated =
      again.result ??
      // As above: BSON of a reply, promotion off.
      (BSON.deserialize(again.complete, { promoteValues: false }) as WriteResult);
    result = mergeWriteResults(result, repeated, rest.indexes);
  }
}

/** The conflict of one operation as that of its whole command: `code` is what PostgreSQL raises. */
class BatchConflict extends Error {
  readonly code = '40001';
}

/** The errors left in a batch in MongoDB's numbers and words. */
async function translated(
  command: Command,
  { writeErrors: errors = [], ...result }: WriteResult,
): Promise<Document> {
  // Drivers take an empty list for an error.
  if (errors.length === 0) return { ...result, ok: 1 };
  const namespace = `${command.database}.${collectionOf(command)}`;
  const writeErrors: Document[] = [];
  for (const error of errors) {
    const { code } = errorCodeOf(unpackSqlState(Number(error.code)));
    if (code === 11000) {
      const index = await violatedIndex(command, String(error.errmsg));
      const errmsg = duplicateKeyMessage(namespace, index);
      writeErrors.push({ ...error, code, errmsg, keyPattern: index.keyPattern });
    } else {
      writeErrors.push(code === 8 ? error : { ...error, code });
    }
  }
  return { ...result, ok: 1, writeErrors };
}

const FIND_AND_MODIFY = {
  name: 'findAndModify',
  text: `SELECT p_result::bytea AS result
    FROM documentdb_api.find_and_modify($1, $2::bytea, $3)`,
};

async function findAndModify(command: Command): Promise<Reply> {
  const values = [command.database, command.body, retryableWriteId(command)];
  const row = await repeatOnConflict(command, () => runWrite(command, FIND_AND_MODIFY, values));
  return bytes(row, 'result');
}

/** One statement; a retryable write may be repeated over a restart of the database. */
async function runWrite(
  command: Command,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row> {
  try {
    return await command.run(statement, values, {
      repeatable: retryableWriteId(command) !== null,
      maxTimeMs: maxTimeOf(command),
    });
  } catch (error) {
    throw isDuplicateKey(error) ? await duplicateKeyError(command, error) : error;
  }
}
