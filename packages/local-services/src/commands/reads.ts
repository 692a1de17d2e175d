import { bytes, type Statement } from '../wire/database.ts';
import { type CommandHandler, readOptions } from './command.ts';
import { repeatOnConflict } from './conflicts.ts';
import type { Cursors } from './cursors.ts';

/** Commands that answer with a first page and perhaps a cursor, and those with one document. */
export function readCommands(cursors: Cursors): Record<string, CommandHandler> {
  const firstPage =
    (statement: Statement): CommandHandler =>
    async (command) => {
      const row = await repeatOnConflict(command, () =>
        command.run(statement, [command.database, command.body], readOptions(command)),
      );
      cursors.keep(command, row);
      return bytes(row, 'page');
    };

  return {
    find: firstPage(firstPageStatement('find')),
    aggregate: firstPage(firstPageStatement('aggregate')),
    listCollections: firstPage(firstPageStatement('list_collections')),
    listIndexes: firstPage(firstPageStatement('list_indexes')),
    getMore: cursors.getMore,
    killCursors: cursors.killCursors,
    count: singleDocument('count'),
    distinct: singleDocument('distinct'),
  };
}

function firstPageStatement(kind: string): Statement {
  return {
    name: `${kind}FirstPage`,
    text: `SELECT cursorpage::bytea AS page, continuation::bytea AS continuation, cursorid
      FROM documentdb_api.${kind}_cursor_first_page($1, $2::bytea)`,
  };
}

function singleDocument(kind: string): CommandHandler {
  const statement = {
    name: kind,
    text: `SELECT document::bytea AS document FROM documentdb_api.${kind}_query($1, $2::bytea)`,
  };
  return async (command) => {
    const row = await repeatOnConflict(command, () =>
      command.run(statement, [command.database, command.body], readOptions(command)),
    );
    return bytes(row, 'document');
  };
}
