import type { Document } from 'bson';
import type { Database } from '../wire/database.ts';
import type { Request } from '../wire/message.ts';
import { catalogueCommands } from './catalogue.ts';
import { type Command, type CommandHandler, type Reply, sessionId, sessionOf } from './command.ts';
import { type Attempt, CommandError, toCommandError } from './command-error.ts';
import type { Cursors } from './cursors.ts';
import { serverCommands } from './handshake.ts';
import { createLanes } from './lanes.ts';
import { readCommands } from './reads.ts';
import type { Transactions } from './transactions.ts';
import { writeCommands } from './writes.ts';

/** Answers one request; refusals come as documents too, so it never rejects. */
export type RunCommand = (request: Request, connectionId: number) => Promise<Reply>;

export interface CommandWorld {
  readonly address: string;
  readonly database: Database;
  readonly cursors: Cursors;
  readonly transactions: Transactions;
  readonly now: () => Date;
}

export function createCommandRunner(world: CommandWorld): RunCommand {
  const { database, cursors, transactions } = world;
  const inTurn = createLanes();
  const endSessions: CommandHandler = ({ document, name }) => {
    const listed: unknown = document[name];
    const sessions = Array.isArray(listed) ? listed.map(sessionId) : [];
    const ended = new Set(sessions.filter((id) => id !== undefined));
    transactions.releaseSessions(ended);
    cursors.releaseSessions(ended);
    return { ok: 1 };
  };
  const handlers = new Map(
    Object.entries<CommandHandler>({
      ...serverCommands(world.address, world.now),
      ...readCommands(cursors),
      ...writeCommands,
      ...catalogueCommands,
      endSessions,
      killSessions: endSessions,
      commitTransaction: ({ document }) => transactions.commit(document),
      abortTransaction: ({ document }) => transactions.abort(document),
    }),
  );

  const runJoined = async (command: Command, handler: CommandHandler): Promise<Reply> => {
    const { document, connectionId } = command;
    const run = await transactions.join(document, connectionId);
    let reply: Reply;
    try {
      reply = await handler({ ...command, run, inTransaction: true });
    } catch (error) {
      await transactions.fail(document);
      throw error;
    }
    if (!Buffer.isBuffer(reply) && reply['writeErrors']?.length > 0) {
      await transactions.fail(document);
    }
    return reply;
  };

  return async ({ command: document, body, sequence }, connectionId) => {
    const name = Object.keys(document)[0] ?? '';
    try {
      const handler = handlers.get(name);
      if (handler === undefined) throw commandNotFound(name);
      const command: Command = {
        name,
        database: typeof document['$db'] === 'string' ? document['$db'] : 'admin',
        document,
        body,
        sequence,
        connectionId,
        session: sessionOf(document),
        run: database.run,
        inTransaction: false,
        runOutside: database.run,
        inTurn,
      };
      const joins = document['autocommit'] === false && !ENDS.has(name);
      return await (joins ? runJoined(command, handler) : handler(command));
    } catch (error) {
      return toCommandError(error, attemptOf(document)).toDocument();
    }
  };
}

const ENDS = new Set(['commitTransaction', 'abortTransaction']);

function attemptOf(document: Document): Attempt {
  if (document['autocommit'] === false) return 'transaction';
  return document['txnNumber'] === undefined ? 'plain' : 'retryable-write';
}

function commandNotFound(name: string): CommandError {
  return new CommandError({
    code: 59,
    codeName: 'CommandNotFound',
    message: `no such command: '${name}'`,
  });
}
