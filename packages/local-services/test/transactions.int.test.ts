import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BSON, type Document, Long, UUID } from 'bson';
import mongoose, { type Connection, mongo } from 'mongoose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { postgresConnection } from '../src/documentdb/postgres.ts';
import { type LocalServices, startLocalServices } from '../src/local-services.ts';
import { dataLayout } from '../src/supervisor/data-layout.ts';
import { startGateway } from '../src/wire/gateway.ts';
import { encodeCommand } from '../src/wire/message.ts';

vi.setConfig({ testTimeout: 30_000 });

let dataDir: string;
let services: LocalServices;
let connection: Connection;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vitrine-transactions-'));
  services = await startLocalServices({ dataDir, ephemeral: true });
  connection = await mongoose.createConnection(services.mongoUrl).asPromise();
}, 120_000);

afterAll(async () => {
  await connection?.close();
  await services?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, 30_000);

/** A collection of its own for each test, with accounts of 100 each. */
async function accounts(name: string, count = 2) {
  const collection = connection.useDb('bank').collection<{ _id: number; balance: number }>(name);
  await collection.insertMany(Array.from({ length: count }, (_, _id) => ({ _id, balance: 100 })));
  return collection;
}

function labelsOf(error: unknown): string[] {
  return error instanceof mongo.MongoError ? error.errorLabels : [];
}

test('a committed transaction shows all its writes at once, and none before', async () => {
  const collection = await accounts('commit');
  const session = await connection.startSession();
  session.startTransaction();
  await collection.updateOne({ _id: 0 }, { $inc: { balance: -30 } }, { session });
  await collection.updateOne({ _id: 1 }, { $inc: { balance: 30 } }, { session });
  expect(await collection.findOne({ _id: 0 })).toMatchObject({ balance: 100 });
  expect(await collection.findOne({ _id: 0 }, { session })).toMatchObject({ balance: 70 });
  await session.commitTransaction();
  await session.endSession();
  expect(await collection.find().sort({ _id: 1 }).toArray()).toEqual([
    { _id: 0, balance: 70 },
    { _id: 1, balance: 130 },
  ]);
});

test('an aborted transaction leaves nothing, nor does one whose callback throws', async () => {
  const collection = await accounts('abort');
  const session = await connection.startSession();
  session.startTransaction();
  await collection.insertOne({ _id: 7, balance: 1 }, { session });
  await session.abortTransaction();
  await session.endSession();
  const failing = connection.transaction(async (session) => {
    await collection.deleteMany({}, { session });
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await collection.countDocuments()).toBe(2);
});

test('a transaction reads the state it began with', async () => {
  const collection = await accounts('snapshot');
  const session = await connection.startSession();
  session.startTransaction();
  await collection.findOne({ _id: 0 }, { session });
  await collection.updateOne({ _id: 1 }, { $set: { balance: 0 } });
  expect(await collection.findOne({ _id: 1 }, { session })).toMatchObject({ balance: 100 });
  await session.abortTransaction();
  await session.endSession();
});

test('who writes what another transaction wrote meanwhile is told to try again', async () => {
  const collection = await accounts('conflict');
  const session = await connection.startSession();
  session.startTransaction();
  await collection.findOne({ _id: 0 }, { session });
  await collection.updateOne({ _id: 0 }, { $inc: { balance: 1 } });
  const late = await collection
    .updateOne({ _id: 0 }, { $inc: { balance: 10 } }, { session })
    .catch((error: unknown) => error);
  expect(late).toMatchObject({ code: 112, codeName: 'WriteConflict' });
  expect(labelsOf(late)).toContain('TransientTransactionError');
  await session.abortTransaction();
  await session.endSession();
  expect(await collection.findOne({ _id: 0 })).toMatchObject({ balance: 101 });
});

test('of two transactions that wait for each other one ends soon, and both succeed in the end', async () => {
  const collection = await accounts('deadlock');
  const startedAt = performance.now();
  const both = [
    [0, 1],
    [1, 0],
  ].map((order) =>
    connection.transaction(async (session) => {
      for (const _id of order) {
        await collection.updateOne({ _id }, { $inc: { balance: 1 } }, { session });
        await collection.findOne({ _id }, { session });
      }
    }),
  );
  await Promise.all(both);
  expect(await collection.find().toArray()).toEqual([
    { _id: 0, balance: 102 },
    { _id: 1, balance: 102 },
  ]);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test('40 racing transfers between 4 accounts keep the sum', async () => {
  const collection = await accounts('transfers', 4);
  let attempts = 0;
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      connection.transaction(async (session) => {
        attempts += 1;
        const [from, to] = [index % 4, (index * 3 + 1) % 4];
        const amount = index + 1;
        await collection.updateOne({ _id: from }, { $inc: { balance: -amount } }, { session });
        await collection.updateOne({ _id: to }, { $inc: { balance: amount } }, { session });
      }),
    ),
  );
  const rows = await collection.find().toArray();
  expect(rows.reduce((sum, { balance }) => sum + balance, 0)).toBe(400);
  expect(attempts).toBeGreaterThan(40);
});

test('an error inside a transaction ends it: its commit is refused and nothing is written', async () => {
  const collection = await accounts('error-inside');
  const session = await connection.startSession();
  session.startTransaction();
  await collection.updateOne({ _id: 0 }, { $set: { balance: 1 } }, { session });
  await expect(collection.insertOne({ _id: 1, balance: 5 }, { session })).rejects.toMatchObject({
    code: 11000,
  });
  await expect(session.commitTransaction()).rejects.toMatchObject({ code: 251 });
  await session.endSession();
  expect(await collection.findOne({ _id: 0 })).toMatchObject({ balance: 100 });
});

/** A client of bare sockets: what a driver hides, repeated commits and vanishing, it can do. */
function rawClient() {
  const socket = connect(Number(new URL(services.mongoUrl).port), '127.0.0.1');
  const lsid = { id: new UUID() };
  return {
    socket,
    lsid,
    async send(document: Document): Promise<Document> {
      socket.write(encodeCommand(1, { ...document, lsid, $db: document['$db'] ?? 'bank' }));
      const [reply]: Buffer[] = await once(socket, 'data');
      return BSON.deserialize(reply?.subarray(21) ?? Buffer.alloc(0));
    },
  };
}

/** Statement of transaction 1 of a raw client. */
function inTransaction(document: Document, isFirst = false): Document {
  return {
    ...document,
    txnNumber: Long.ONE,
    autocommit: false,
    ...(isFirst ? { startTransaction: true } : {}),
  };
}

const change = (collection: string, _id: number) => ({
  update: collection,
  updates: [{ q: { _id }, u: { $inc: { balance: 5 } } }],
});

test('a commit sent again is answered as the first; one never begun is refused', async () => {
  const collection = await accounts('commit-twice');
  const { socket, send } = rawClient();
  await send(inTransaction(change('commit-twice', 0), true));
  const commit = { ...inTransaction({ commitTransaction: 1 }), $db: 'admin' };
  expect(await send(commit)).toMatchObject({ ok: 1 });
  expect(await send(commit)).toMatchObject({ ok: 1 });
  expect(await send({ ...commit, txnNumber: Long.fromNumber(2) })).toMatchObject({
    ok: 0,
    code: 251,
    errorLabels: ['TransientTransactionError'],
  });
  expect(await collection.findOne({ _id: 0 })).toMatchObject({ balance: 105 });
  socket.destroy();
});

test('a client that vanishes in a transaction leaves no lock behind', async () => {
  const collection = await accounts('vanished');
  const { socket, send } = rawClient();
  expect(await send(inTransaction(change('vanished', 0), true))).toMatchObject({ ok: 1, n: 1 });
  const startedAt = performance.now();
  const waiting = collection.updateOne({ _id: 0 }, { $inc: { balance: 1 } });
  socket.destroy();
  await waiting;
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(await collection.findOne({ _id: 0 })).toMatchObject({ balance: 101 });
});

test('nor does one that vanishes while its statement waits for a lock', async () => {
  const collection = await accounts('vanished-waiting');
  const holder = rawClient();
  const waiter = rawClient();
  await holder.send(inTransaction(change('vanished-waiting', 0), true));
  await waiter.send(inTransaction(change('vanished-waiting', 1), true));
  void waiter.send(inTransaction(change('vanished-waiting', 0))).catch(() => undefined);
  await written(waiter.socket);
  waiter.socket.destroy();
  const startedAt = performance.now();
  await collection.updateOne({ _id: 1 }, { $inc: { balance: 1 } });
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  holder.socket.destroy();
  expect(await collection.findOne({ _id: 1 })).toMatchObject({ balance: 101 });
});

async function written(socket: Socket): Promise<void> {
  if (socket.writableLength > 0) await once(socket, 'drain');
}

test('ending a session rolls its transaction back', async () => {
  const collection = await accounts('session-ended');
  const { socket, lsid, send } = rawClient();
  await send(inTransaction(change('session-ended', 0), true));
  expect(await send({ endSessions: [lsid], $db: 'admin' })).toMatchObject({ ok: 1 });
  await collection.updateOne({ _id: 0 }, { $inc: { balance: 1 } });
  expect(await collection.findOne({ _id: 0 })).toMatchObject({ balance: 101 });
  socket.destroy();
});

test('of 20 transactions that race for one unique key one is committed, the others undone', async () => {
  const names = connection.useDb('bank').collection<{ name: string }>('names');
  await names.createIndex({ name: 1 }, { unique: true });
  const collection = await accounts('named', 1);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () =>
      connection.transaction(async (session) => {
        await collection.updateOne({ _id: 0 }, { $inc: { balance: 1 } }, { session });
        await names.insertOne({ name: 'taken' }, { session });
      }),
    ),
  );
  const errors = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason.code] : [],
  );
  expect(errors).toEqual(Array.from({ length: 19 }, () => 11000));
  expect(await collection.findOne({ _id: 0 })).toMatchObject({ balance: 101 });
});

test('more transactions at once than the database has connections for all succeed', async () => {
  const collection = await accounts('many', 200);
  await Promise.all(
    Array.from({ length: 200 }, (_, _id) =>
      connection.transaction(async (session) => {
        await collection.updateOne({ _id }, { $inc: { balance: 1 } }, { session });
        // A statement outside the transaction must find a connection meanwhile.
        await collection.findOne({ _id });
      }),
    ),
  );
  expect(await collection.countDocuments({ balance: 101 })).toBe(200);
});

test('a transaction left open beyond its time is rolled back', async () => {
  const collection = await accounts('too-long');
  const layout = dataLayout(dataDir);
  const [, , , port] = readFileSync(join(layout.documentdb, 'postmaster.pid'), 'utf8').split('\n');
  const gateway = await startGateway({
    postgres: await postgresConnection(layout, Number(port)),
    transactions: { lifetimeMs: 200 },
  });
  const hasty = await mongoose.createConnection(gateway.url).asPromise();
  const session = await hasty.startSession();
  session.startTransaction();
  await hasty
    .useDb('bank')
    .collection<{ _id: number }>('too-long')
    .updateOne({ _id: 0 }, { $set: { balance: 0 } }, { session });
  // Waits for the lock, which only the end of the transaction releases.
  await collection.updateOne({ _id: 0 }, { $inc: { balance: 1 } });
  await expect(session.commitTransaction()).rejects.toMatchObject({ code: 251 });
  expect(await collection.findOne({ _id: 0 })).toMatchObject({ balance: 101 });
  await session.endSession();
  await hasty.close();
  await gateway.close();
});
