import { BSON, type Document } from 'bson';
import { bytes, type Row, type Statement } from '../wire/database.ts';
import { type Command, type CommandHandler, collectionOf } from './command.ts';
import { CommandError, isWriteConflict, stateOf } from './command-error.ts';
import { repeatOnConflict } from './conflicts.ts';
import { errorCodeOf, unpackSqlState } from './error-codes.ts';

/** Collections, indexes and databases: making, dropping and describing them. */
export const catalogueCommands: Record<string, CommandHandler> = {
  create: async (command) => bytes(await runRacing(command, CREATE, [command.body]), 'result'),
  async drop(command) {
    const collection = collectionOf(command);
    const row = await runRacing(command, DROP, [collection]);
    if (row['result'] !== true) throw namespaceNotFound(command, collection);
    return { nIndexesWas: 1, ns: `${command.database}.${collection}`, ok: 1 };
  },
  async dropDatabase(command) {
    await runRacing(command, DROP_DATABASE, []);
    return { dropped: command.database, ok: 1 };
  },
  async createIndexes(command) {
    const row = await runRacing(command, CREATE_INDEXES, [command.body]);
    return indexReply(bytes(row, 'result'));
  },
  dropIndexes,
  deleteIndexes: dropIndexes,
  collMod: async (command) =>
    bytes(await runRacing(command, COLL_MOD, [collectionOf(command), command.body]), 'result'),
  collStats: async (command) =>
    bytes(await runRacing(command, COLL_STATS, [collectionOf(command)]), 'result'),
  dbStats: async (command) => bytes(await runRacing(command, DB_STATS, []), 'result'),
  listDatabases: async (command) =>
    bytes(await command.run(LIST_DATABASES, [command.body], { repeatable: true }), 'result'),
  async renameCollection(command) {
    const [from, to] = [collectionOf(command), String(command.document['to'])].map(splitNamespace);
    if (from === undefined || to === undefined || from.database !== to.database) {
      throw badValue('renameCollection works within one database');
    }
    await command.run(RENAME, [
      from.database,
      from.collection,
      to.collection,
      command.document['dropTarget'] === true,
    ]);
    return { ok: 1 };
  },
};

async function dropIndexes(command: Command): Promise<Document> {
  const row = await runRacing(command, DROP_INDEXES, [command.body]);
  return indexReply(bytes(row, 'result'));
}

const CREATE = statement('create', 'documentdb_api.create_collection_view($1, $2::bytea)::bytea');
const DROP = statement('drop', 'documentdb_api.drop_collection($1, $2)');
const DROP_DATABASE = statement('dropDatabase', 'documentdb_api.drop_database($1)::text');
const CREATE_INDEXES = statement(
  'createIndexes',
  'documentdb_api_internal.create_indexes_non_concurrently($1, $2::bytea, true)::bytea',
);
const DROP_INDEXES = statement(
  'dropIndexes',
  'documentdb_api_internal.drop_indexes_non_concurrently($1, $2::bytea)::bytea',
);
const COLL_MOD = statement('collMod', 'documentdb_api.coll_mod($1, $2, $3::bytea)::bytea');
const COLL_STATS = statement('collStats', 'documentdb_api.coll_stats($1, $2)::bytea');
const DB_STATS = statement('dbStats', 'documentdb_api.db_stats($1)::bytea');
const LIST_DATABASES = statement(
  'listDatabases',
  'documentdb_api.list_databases($1::bytea)::bytea',
);
const RENAME = statement(
  'renameCollection',
  'documentdb_api.rename_collection($1, $2, $3, $4)::text',
);

function statement(name: string, call: string): Statement {
  return { name, text: `SELECT ${call} AS result` };
}

/** Unique violations and "already exists" on PostgreSQL's own catalogue, and its racing updates. */
const RACE_STATES = new Set(['23505', '42P07', '42710', '42P06', 'XX000']);

/**
 * Seventeen processes that start together create the same collections and indexes together, and
 * some meet in PostgreSQL's catalogue. The one that lost finds everything made when it tries
 * again. An internal error may also be one that stays, so the tries are counted.
 */
async function runRacing(
  command: Command,
  racing: Statement,
  values: readonly unknown[],
): Promise<Row> {
  let races = 0;
  const isConflict = (error: unknown): boolean => {
    if (isWriteConflict(error)) return true;
    races += 1;
    return races < 20 && RACE_STATES.has(stateOf(error));
  };
  return repeatOnConflict(
    command,
    () => command.run(racing, [command.database, ...values], { repeatable: true }),
    { isConflict },
  );
}

/** Index commands answer per shard, as a sharded MongoDB would; drivers expect the plain form. */
function indexReply(result: Buffer): Document {
  const document = BSON.deserialize(result);
  const reply: Document = document['raw']?.defaultShard ?? document;
  if (reply['ok'] === 1 || reply['ok'] === true) return { ...reply, ok: 1 };
  const state = typeof reply['code'] === 'number' ? unpackSqlState(reply['code']) : '';
  const { code, codeName } = errorCodeOf(state);
  throw new CommandError({ code, codeName, message: String(reply['errmsg']) });
}

function splitNamespace(namespace: string): { database: string; collection: string } | undefined {
  const dot = namespace.indexOf('.');
  if (dot < 1) return undefined;
  return { database: namespace.slice(0, dot), collection: namespace.slice(dot + 1) };
}

function namespaceNotFound(command: Command, collection: string): CommandError {
  return new CommandError({
    code: 26,
    codeName: 'NamespaceNotFound',
    message: `ns not found ${command.database}.${collection}`,
  });
}

function badValue(message: string): CommandError {
  return new CommandError({ code: 2, codeName: 'BadValue', message });
}
