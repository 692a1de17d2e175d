import { Long } from 'bson';
import { bytes, type Database, type Row } from '../wire/database.ts';
import { type Command, type CommandHandler, numberOf, readOptions } from './command.ts';
import { CommandError } from './command-error.ts';

/** As MongoDB's `cursorTimeoutMillis`. */
export const CURSOR_IDLE_MS = 600_000;
const SWEEP_MS = 30_000;

interface Cursor {
  continuation: Buffer;
  connectionId: number;
  usedAt: number;
  readonly session: string | undefined;
}

/** Open cursors. Their rows lie in files of the database, so none of them holds a connection. */
export interface Cursors {
  /** Keeps the rest of a first page; a page without one was the last. */
  readonly keep: (command: Command, firstPage: Row) => void;
  readonly getMore: CommandHandler;
  readonly killCursors: CommandHandler;
  readonly releaseConnection: (connectionId: number) => void;
  readonly releaseSessions: (sessions: ReadonlySet<string>) => void;
  readonly close: () => void;
}

export function createCursors(database: Database, now: () => number): Cursors {
  const open = new Map<string, Cursor>();

  const release = (ids: readonly string[]): void => {
    const known = ids.filter((id) => open.delete(id));
    if (known.length === 0) return;
    // What fails to be deleted here the database's own sweep deletes once it has expired.
    database.run(DELETE_CURSORS, [known], { repeatable: true }).catch(() => undefined);
  };
  const releaseWhere = (matches: (cursor: Cursor) => boolean): void =>
    release([...open].filter(([, cursor]) => matches(cursor)).map(([id]) => id));

  const sweep = setInterval(
    () => releaseWhere((cursor) => now() - cursor.usedAt > CURSOR_IDLE_MS),
    SWEEP_MS,
  ).unref();

  return {
    keep(command, firstPage) {
      if (firstPage['continuation'] === null) return;
      open.set(String(firstPage['cursorid']), {
        continuation: bytes(firstPage, 'continuation'),
        connectionId: command.connectionId,
        usedAt: now(),
        session: command.session,
      });
    },
    async getMore(command) {
      const id = numberOf(command.document['getMore']);
      const cursor = open.get(id);
      if (cursor === undefined) throw cursorNotFound(id);
      cursor.connectionId = command.connectionId;
      cursor.usedAt = now();
      const row = await command.run(
        GET_MORE,
        [command.database, command.body, cursor.continuation],
        readOptions(command),
      );
      if (row['continuation'] === null) open.delete(id);
      else cursor.continuation = bytes(row, 'continuation');
      return bytes(row, 'page');
    },
    killCursors(command) {
      const asked: unknown = command.document['cursors'];
      const ids = Array.isArray(asked) ? asked.map(numberOf) : [];
      const known = ids.filter((id) => open.has(id));
      release(known);
      const longs = (list: string[]) => list.map((id) => Long.fromString(id));
      return {
        cursorsKilled: longs(known),
        cursorsNotFound: longs(ids.filter((id) => !known.includes(id))),
        cursorsAlive: [],
        cursorsUnknown: [],
        ok: 1,
      };
    },
    releaseConnection: (connectionId) =>
      releaseWhere((cursor) => cursor.connectionId === connectionId),
    releaseSessions: (sessions) =>
      releaseWhere(({ session }) => session !== undefined && sessions.has(session)),
    close() {
      clearInterval(sweep);
      open.clear();
    },
  };
}

const GET_MORE = {
  name: 'getMore',
  text: `SELECT cursorpage::bytea AS page, continuation::bytea AS continuation
    FROM documentdb_api.cursor_get_more($1, $2::bytea, $3::bytea)`,
};
const DELETE_CURSORS = {
  name: 'killCursors',
  text: 'SELECT documentdb_api_internal.delete_cursors($1::bigint[])',
};

function cursorNotFound(id: string): CommandError {
  return new CommandError({
    code: 43,
    codeName: 'CursorNotFound',
    message: `cursor id ${id} not found`,
  });
}
