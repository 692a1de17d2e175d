import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { CommandError, isConnectionLost } from '../commands/command-error.ts';

/** A statement prepared once per connection under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Columns as `pg` gives them: `bytea` is a Buffer, `bigint` a string. */
export type Row = Readonly<Record<string, unknown>>;

export interface QueryOptions {
  /** The command's `maxTimeMS`; 0 or undefined for no limit. */
  readonly maxTimeMs?: number | undefined;
  /** Running it twice does no harm, so a database restart under it is the gateway's own affair. */
  readonly repeatable?: boolean | undefined;
}

/** Runs one statement, on any connection or on the one of a transaction. */
export type RunStatement = (
  statement: Statement,
  values: readonly unknown[],
  options?: QueryOptions,
) => Promise<Row>;

/** A connection held for a transaction. */
export interface PinnedConnection {
  readonly run: RunStatement;
  /** Several statements in one exchange; the last one's first row. */
  readonly exchange: (sql: string) => Promise<Row>;
  /** Gives the connection back; `broken` closes it, which also rolls back what it had open. */
  readonly release: (broken: boolean) => void;
}

export interface Database {
  readonly run: RunStatement;
  readonly pin: () => Promise<PinnedConnection>;
  readonly close: () => Promise<void>;
}

/**
 * Single statements and transactions draw from separate pools. With one pool, transactions
 * waiting for a lock could fill it while the statement whose end they wait for queues behind
 * them. As it is, whoever holds a lock already holds its connection.
 */
const STATEMENT_POOL = { max: 60, freeWithinMs: 20_000 };
/**
 * The start of a transaction waits only shortly for a connection: it holds a socket of its client
 * meanwhile, perhaps the last one, over which an open transaction would have to be committed.
 */
const TRANSACTION_POOL = { max: 100, freeWithinMs: 1_000 };
/** How long a command waits for a database that is restarting. */
const RESTART_PATIENCE_MS = 20_000;

interface PoolSize {
  readonly max: number;
  readonly freeWithinMs: number;
}

export function openDatabase(config: pg.PoolConfig): Database {
  const statements = openPool(config, STATEMENT_POOL);
  const transactions = openPool(config, TRANSACTION_POOL);

  const runOnce: RunStatement = async (statement, values, options) => {
    const client = await connect(statements);
    let broken = true;
    try {
      const row = await queryWithin(client, statement, values, options?.maxTimeMs);
      broken = false;
      return row;
    } catch (error) {
      broken = isConnectionLost(error);
      throw error;
    } finally {
      client.release(broken);
    }
  };

  return {
    async run(statement, values, options) {
      try {
        return await runOnce(statement, values, options);
      } catch (error) {
        if (!options?.repeatable || !isConnectionLost(error)) throw error;
        return runOnce(statement, values, options);
      }
    },
    async pin() {
      const client = await connect(transactions);
      return {
        run: (statement, values, options) =>
          queryWithin(client, statement, values, options?.maxTimeMs),
        async exchange(sql) {
          // Several statements give an array of results, which pg's types do not tell.
          const results: unknown = await client.query(sql);
          return firstRow(Array.isArray(results) ? results.at(-1) : results);
        },
        release: (broken) => client.release(broken),
      };
    },
    async close() {
      await Promise.all([statements.end(), transactions.end()]);
    },
  };
}

function openPool(config: pg.PoolConfig, size: PoolSize): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    max: size.max,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: size.freeWithinMs,
  });
  // A restart of the database fails idle connections; unheard, that would end this process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** A connection, waiting out a restart of the database. */
async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  const giveUpAt = performance.now() + RESTART_PATIENCE_MS;
  for (let pause = 20; ; pause = Math.min(pause * 2, 250)) {
    try {
      return await pool.connect();
    } catch (error) {
      if (error instanceof Error && error.message.includes('timeout exceeded')) {
        throw new CommandError({
          code: 202,
          codeName: 'NetworkInterfaceExceededTimeLimit',
          message: 'no database connection became free',
          labels: ['TransientTransactionError', 'RetryableWriteError'],
        });
      }
      if (!isConnectionLost(error) || performance.now() > giveUpAt) throw error;
    }
    await delay(pause);
  }
}

async function queryWithin(
  client: pg.PoolClient,
  statement: Statement,
  values: readonly unknown[],
  maxTimeMs: number | undefined,
): Promise<Row> {
  if (!maxTimeMs) return firstRow(await client.query({ ...statement, values: [...values] }));
  await client.query(`SET statement_timeout = ${Math.ceil(maxTimeMs)}`);
  try {
    return firstRow(await client.query({ ...statement, values: [...values] }));
  } finally {
    // In a failed transaction this fails too; the ROLLBACK that must follow undoes the SET.
    await client.query('RESET statement_timeout').catch(() => undefined);
  }
}

function firstRow(result: unknown): Row {
  // pg's types leave the row open; every statement here returns one row of columns.
  const rows = (result as pg.QueryResult<Record<string, unknown>>).rows;
  return rows[0] ?? {};
}

/** A `bytea` column of the row: BSON. */
export function bytes(row: Row, column: string): Buffer {
  const value = row[column];
  if (!Buffer.isBuffer(value)) throw new Error(`column ${column} holds no bytes`);
  return value;
}
