import { BSON, type Document } from 'bson';
import type { Row } from '../wire/database.ts';
import { type Command, collectionOf } from './command.ts';
import { CommandError, stateOf } from './command-error.ts';

/** The index a write violated; its key where the catalogue still knows it. */
export interface ViolatedIndex {
  readonly name: string;
  readonly keyPattern: Document | undefined;
}

const UNIQUE_VIOLATIONS = new Set(['23505', '23P01', 'M001C']);

export function isDuplicateKey(error: unknown): error is Error {
  return error instanceof Error && UNIQUE_VIOLATIONS.has(stateOf(error));
}

/**
 * How PostgreSQL or DocumentDB named the index: by MongoDB's name, or by the number its
 * constraint ends in. A collection's own key constraint is that of `_id`.
 */
export function indexNamedIn(message: string): { name?: string; id?: number } {
  const name = /Index '([^']*)'/.exec(message)?.[1];
  if (name !== undefined) return { name };
  const id = /documents_rum_index_(\d+)/.exec(message)?.[1];
  return id === undefined ? { name: '_id_' } : { id: Number(id) };
}

const BY_NAME = {
  name: 'indexByName',
  text: `SELECT (index_spec).index_name AS name, (index_spec).index_key::bytea AS key
    FROM documentdb_api_catalog.collection_indexes
    JOIN documentdb_api_catalog.collections USING (collection_id)
    WHERE database_name = $1 AND collection_name = $2 AND (index_spec).index_name = $3`,
};
const BY_ID = {
  name: 'indexById',
  text: `SELECT (index_spec).index_name AS name, (index_spec).index_key::bytea AS key
    FROM documentdb_api_catalog.collection_indexes WHERE index_id = $1`,
};

/** The index behind a duplicate-key message of the database. */
export async function violatedIndex(command: Command, message: string): Promise<ViolatedIndex> {
  const { name, id } = indexNamedIn(message);
  const row: Row = await (name === undefined
    ? command.runOutside(BY_ID, [id], { repeatable: true })
    : command.runOutside(BY_NAME, [command.database, collectionOf(command), name], {
        repeatable: true,
      }));
  const key = row['key'];
  return {
    name: typeof row['name'] === 'string' ? row['name'] : (name ?? `index ${id}`),
    keyPattern: Buffer.isBuffer(key) ? BSON.deserialize(key) : undefined,
  };
}

/**
 * MongoDB's wording. Clients read the index's name out of it, so the words around the name are
 * part of the contract. The values are left out: the database does not tell them.
 */
export function duplicateKeyMessage(namespace: string, index: ViolatedIndex): string {
  const fields = Object.keys(index.keyPattern ?? {}).map((field) => `${field}: ...`);
  const key = fields.length === 0 ? '' : ` { ${fields.join(', ')} }`;
  return `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key:${key}`;
}

/** A violation that failed the whole command. */
export async function duplicateKeyError(command: Command, error: Error): Promise<CommandError> {
  const index = await violatedIndex(command, error.message);
  return new CommandError({
    code: 11000,
    codeName: 'DuplicateKey',
    message: duplicateKeyMessage(`${command.database}.${collectionOf(command)}`, index),
    details: index.keyPattern === undefined ? {} : { keyPattern: index.keyPattern },
  });
}
