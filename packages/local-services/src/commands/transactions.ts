import type { Document } from 'bson';
import type { Database, PinnedConnection, RunStatement } from '../wire/database.ts';
import { numberOf, type Reply, sessionOf } from './command.ts';
import {
  CommandError,
  isConnectionLost,
  noSuchTransaction,
  toCommandError,
} from './command-error.ts';

/** As MongoDB's `transactionLifetimeLimitSeconds`. */
const LIFETIME_MS = 60_000;
/** Ended transactions remembered, so that a repeated commit gets the same answer. */
const REMEMBERED_ENDS = 10_000;

/** What became of a session's latest transaction; `unknown` while the database cannot say. */
type End = 'committed' | 'aborted' | 'unknown';

interface EndedTransaction {
  readonly number: string;
  readonly end: End;
  readonly place: Place;
}

/**
 * Where to ask for a transaction's fate when the connection dies during COMMIT: PostgreSQL's id of it,
 * and when the server it ran on began. A server that was killed gives ids again that never reached its
 * log, so an id alone may be another transaction's afterwards.
 */
interface Place {
  readonly postgresId: string;
  readonly serverSince: string;
}

interface OpenTransaction {
  readonly session: string;
  readonly number: string;
  readonly connection: PinnedConnection;
  readonly place: Place;
  readonly timer: NodeJS.Timeout;
  connectionId: number;
}

export interface TransactionLimits {
  readonly lifetimeMs?: number | undefined;
}

/** Multi-document transactions: each holds a database connection from its start to its end. */
export interface Transactions {
  /** The connection a command of a transaction runs on; begins the transaction where asked. */
  readonly join: (document: Document, connectionId: number) => Promise<RunStatement>;
  readonly commit: (document: Document) => Promise<Reply>;
  readonly abort: (document: Document) => Promise<Reply>;
  /** Any error ends a transaction, as in MongoDB: its locks go at once. */
  readonly fail: (document: Document) => Promise<void>;
  readonly releaseConnection: (connectionId: number) => void;
  readonly releaseSessions: (sessions: ReadonlySet<string>) => void;
  readonly close: () => void;
}

export function createTransactions(
  database: Database,
  limits: TransactionLimits = {},
): Transactions {
  const open = new Map<string, OpenTransaction>();
  const ended = new Map<string, EndedTransaction>();

  const remember = ({ session, number, place }: OpenTransaction, end: End): void => {
    ended.delete(session);
    ended.set(session, { number, end, place });
    const oldest = ended.size > REMEMBERED_ENDS ? ended.keys().next().value : undefined;
    if (oldest !== undefined) ended.delete(oldest);
  };

  /** Takes it out of the books before anything is awaited: nobody else may touch it after that. */
  const take = (transaction: OpenTransaction): void => {
    clearTimeout(transaction.timer);
    open.delete(transaction.session);
  };

  const rollBack = async (transaction: OpenTransaction): Promise<void> => {
    take(transaction);
    remember(transaction, 'aborted');
    try {
      await transaction.connection.exchange('ROLLBACK');
      transaction.connection.release(false);
    } catch {
      transaction.connection.release(true);
    }
  };

  /** For a transaction that may have a statement under way: closing its connection ends both. */
  const cutOff = (transaction: OpenTransaction): void => {
    take(transaction);
    remember(transaction, 'aborted');
    transaction.connection.release(true);
  };

  const cutOffWhere = (matches: (transaction: OpenTransaction) => boolean): void => {
    for (const transaction of [...open.values()].filter(matches)) cutOff(transaction);
  };

  const begin = async (session: string, number: string, connectionId: number) => {
    const previous = open.get(session);
    if (previous !== undefined) cutOff(previous);
    const connection = await database.pin();
    try {
      const row = await connection.exchange(BEGIN);
      const transaction: OpenTransaction = {
        session,
        number,
        connection,
        connectionId,
        place: { postgresId: String(row['id']), serverSince: String(row['since']) },
        timer: setTimeout(() => cutOff(transaction), limits.lifetimeMs ?? LIFETIME_MS).unref(),
      };
      open.set(session, transaction);
      return transaction;
    } catch (error) {
      connection.release(true);
      throw error;
    }
  };

  const find = (document: Document): OpenTransaction | undefined => {
    const transaction = open.get(sessionOf(document) ?? '');
    return transaction?.number === numberOf(document['txnNumber']) ? transaction : undefined;
  };

  const commitOpen = async (transaction: OpenTransaction): Promise<void> => {
    take(transaction);
    const { connection } = transaction;
    try {
      await connection.exchange('COMMIT');
    } catch (error) {
      connection.release(true);
      if (!isConnectionLost(error)) {
        remember(transaction, 'aborted');
        throw toCommandError(error, 'transaction');
      }
      remember(transaction, 'unknown');
      await settle(transaction.session, transaction);
      return;
    }
    connection.release(false);
    remember(transaction, 'committed');
  };

  /** The connection died during COMMIT: what became of it the database alone knows. */
  const settle = async (
    session: string,
    { number, place }: Pick<EndedTransaction, 'number' | 'place'>,
  ): Promise<void> => {
    const end = await fateOf(database, place);
    ended.set(session, { number, place, end });
    if (end === 'committed') return;
    // Its end is known, so this is no lost connection: as one, it would have the driver clear its pool
    // and fail whoever waits there. A transaction that is gone is begun anew.
    throw noSuchTransaction('the database went away before the commit took effect');
  };

  return {
    async join(document, connectionId) {
      const session = sessionOf(document);
      if (session === undefined) throw noSuchTransaction('a transaction needs a session');
      const number = numberOf(document['txnNumber']);
      const transaction = document['startTransaction']
        ? await begin(session, number, connectionId)
        : find(document);
      if (transaction === undefined) {
        throw noSuchTransaction(
          `Given transaction number ${number} does not match any in-progress transactions.`,
        );
      }
      transaction.connectionId = connectionId;
      return transaction.connection.run;
    },
    async commit(document) {
      const transaction = find(document);
      if (transaction !== undefined) {
        await commitOpen(transaction);
        return { ok: 1 };
      }
      const session = sessionOf(document) ?? '';
      const known = ended.get(session);
      if (known?.number === numberOf(document['txnNumber'])) {
        if (known.end === 'unknown') await settle(session, known);
        if (known.end !== 'aborted') return { ok: 1 };
      }
      throw noSuchTransaction('Transaction has been aborted.');
    },
    async abort(document) {
      const transaction = find(document);
      if (transaction === undefined) throw noSuchTransaction('No such transaction.');
      await rollBack(transaction);
      return { ok: 1 };
    },
    async fail(document) {
      const transaction = find(document);
      if (transaction !== undefined) await rollBack(transaction);
    },
    releaseConnection: (connectionId) =>
      cutOffWhere((transaction) => transaction.connectionId === connectionId),
    releaseSessions(sessions) {
      cutOffWhere((transaction) => sessions.has(transaction.session));
      for (const session of sessions) ended.delete(session);
    },
    close: () => cutOffWhere(() => true),
  };
}

/** Asking for the id takes the snapshot too, so all statements of the transaction see one state. */
const SINCE = 'extract(epoch FROM pg_postmaster_start_time())::text';
const BEGIN = `BEGIN ISOLATION LEVEL REPEATABLE READ;
  SELECT pg_current_xact_id() AS id, ${SINCE} AS since`;

/** Of another server than the transaction's, whatever has not been given yet or was committed since is not it. */
const FATE = {
  name: 'transactionFate',
  text: `SELECT CASE
    WHEN ${SINCE} = $2 THEN pg_xact_status($1::xid8)
    WHEN $1::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) THEN 'aborted'
    WHEN pg_xact_commit_timestamp($1::xid8::xid) >= pg_postmaster_start_time() THEN 'aborted'
    ELSE pg_xact_status($1::xid8)
  END AS status`,
};

async function fateOf(database: Database, { postgresId, serverSince }: Place): Promise<End> {
  try {
    const row = await database.run(FATE, [postgresId, serverSince], { repeatable: true });
    return row['status'] === 'committed' ? 'committed' : 'aborted';
  } catch (error) {
    throw new CommandError({
      code: 91,
      codeName: 'ShutdownInProgress',
      message: `the outcome of the commit is not known: ${String(error)}`,
      labels: ['UnknownTransactionCommitResult', 'RetryableWriteError'],
    });
  }
}
