import { Long, UUID } from 'bson';
import { expect, test } from 'vitest';
import type { Database, Row } from '../wire/database.ts';
import { createTransactions } from './transactions.ts';

/** A database that dies while it commits; `fate` is what it says of that after its restart. */
function dyingDatabase(fate: () => Promise<Row>) {
  const log: string[] = [];
  const database: Database = {
    run: async (statement) => {
      log.push(statement.name);
      return fate();
    },
    pin: async () => ({
      run: async () => ({}),
      async exchange(sql) {
        log.push(sql.split(' ')[0] ?? '');
        if (sql === 'COMMIT') throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
        return { id: '4711' };
      },
      release: (broken) => log.push(broken ? 'closed' : 'returned'),
    }),
    close: async () => undefined,
  };
  return { database, log };
}

const lsid = { id: new UUID() };
const first = { lsid, txnNumber: Long.ONE, autocommit: false, startTransaction: true };
const commit = { commitTransaction: 1, lsid, txnNumber: Long.ONE, autocommit: false };

test('a commit whose answer was lost is answered by what became of it: committed', async () => {
  const { database, log } = dyingDatabase(async () => ({ status: 'committed' }));
  const transactions = createTransactions(database);
  await transactions.join(first, 1);
  expect(await transactions.commit(commit)).toEqual({ ok: 1 });
  expect(await transactions.commit(commit)).toEqual({ ok: 1 });
  expect(log).toEqual(['BEGIN', 'COMMIT', 'closed', 'transactionFate']);
});

test('or not committed: the client is told to repeat the whole', async () => {
  const { database } = dyingDatabase(async () => ({ status: 'aborted' }));
  const transactions = createTransactions(database);
  await transactions.join(first, 1);
  await expect(transactions.commit(commit)).rejects.toMatchObject({
    code: 251,
    labels: ['TransientTransactionError'],
  });
  await expect(transactions.commit(commit)).rejects.toMatchObject({ code: 251 });
});

test('while nobody can say, the client is told to ask again, and never that it failed', async () => {
  let isUp = false;
  const { database } = dyingDatabase(async () => {
    if (!isUp) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    return { status: 'committed' };
  });
  const transactions = createTransactions(database);
  await transactions.join(first, 1);
  await expect(transactions.commit(commit)).rejects.toMatchObject({
    labels: expect.arrayContaining(['UnknownTransactionCommitResult']),
  });
  isUp = true;
  expect(await transactions.commit(commit)).toEqual({ ok: 1 });
});

test('a statement of another transaction number joins nothing', async () => {
  const { database } = dyingDatabase(async () => ({}));
  const transactions = createTransactions(database);
  await transactions.join(first, 1);
  const other = { lsid, txnNumber: Long.fromNumber(2), autocommit: false };
  await expect(transactions.join(other, 1)).rejects.toMatchObject({ code: 251 });
});

test('only the client that last used a transaction ends it by leaving', async () => {
  const { database, log } = dyingDatabase(async () => ({}));
  const transactions = createTransactions(database);
  await transactions.join(first, 1);
  await transactions.join({ ...first, startTransaction: undefined }, 2);
  transactions.releaseConnection(1);
  expect(log).toEqual(['BEGIN']);
  transactions.releaseConnection(2);
  expect(log).toEqual(['BEGIN', 'closed']);
});
