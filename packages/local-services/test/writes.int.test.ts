import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decimal128, Long, UUID } from 'bson';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type LocalServices, startLocalServices } from '../src/local-services.ts';
import { sendCommand } from '../src/wire/send-command.ts';

vi.setConfig({ testTimeout: 30_000 });

let dataDir: string;
let services: LocalServices;
let connection: Connection;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vitrine-writes-'));
  services = await startLocalServices({ dataDir, ephemeral: true });
  connection = await mongoose.createConnection(services.mongoUrl, { dbName: 'shop' }).asPromise();
}, 120_000);

afterAll(async () => {
  await connection?.close();
  await services?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, 30_000);

function port(): number {
  return Number(new URL(services.mongoUrl).port);
}

/** How many of the promises were fulfilled, and why the others were not. */
async function outcomes<T>(promises: readonly Promise<T>[]) {
  const settled = await Promise.allSettled(promises);
  return {
    won: settled.filter(({ status }) => status === 'fulfilled').length,
    errors: settled.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
  };
}

test('200 racing conditional decrements of a stock of 10 succeed 10 times', async () => {
  const stock = connection.collection<{ _id: string; left: number }>('stock');
  await stock.insertOne({ _id: 'sku', left: 10 });
  const results = await Promise.all(
    Array.from({ length: 200 }, () =>
      stock.updateOne({ _id: 'sku', left: { $gte: 1 } }, { $inc: { left: -1 } }),
    ),
  );
  expect(results.filter(({ modifiedCount }) => modifiedCount === 1)).toHaveLength(10);
  expect(await stock.findOne({ _id: 'sku' })).toMatchObject({ left: 0 });
});

test('10 claimers take 100 jobs once each', async () => {
  const jobs = connection.collection<{ _id: number; by: number | null }>('jobs');
  await jobs.insertMany(Array.from({ length: 100 }, (_, _id) => ({ _id, by: null })));
  const claimed: number[] = [];
  await Promise.all(
    Array.from({ length: 10 }, async (_, by) => {
      for (;;) {
        const job = await jobs.findOneAndUpdate({ by: null }, { $set: { by } });
        if (job === null) return;
        claimed.push(job._id);
      }
    }),
  );
  expect(claimed.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, id) => id));
});

test('a retryable write sent twice takes effect once and is answered alike', async () => {
  const counters = connection.collection<{ _id: string; n: number }>('counters');
  await counters.insertOne({ _id: 'c', n: 0 });
  const write = { lsid: { id: new UUID() }, $db: 'shop' };
  const update = {
    update: 'counters',
    updates: [{ q: { _id: 'c' }, u: { $inc: { n: 1 } } }],
    ...write,
    txnNumber: Long.fromNumber(1),
  };
  expect(await sendCommand(port(), update)).toMatchObject({ ok: 1, n: 1, nModified: 1 });
  expect(await sendCommand(port(), update)).toMatchObject({ ok: 1, n: 1, nModified: 1 });
  const modify = {
    findAndModify: 'counters',
    query: { _id: 'c' },
    update: { $inc: { n: 10 } },
    new: true,
    ...write,
    txnNumber: Long.fromNumber(2),
  };
  expect(await sendCommand(port(), modify)).toMatchObject({ value: { n: 11 } });
  expect(await sendCommand(port(), modify)).toMatchObject({ value: { n: 11 } });
  const insert = {
    insert: 'counters',
    documents: [{ _id: 'd', n: 1 }],
    ...write,
    txnNumber: Long.fromNumber(3),
  };
  expect(await sendCommand(port(), insert)).toMatchObject({ ok: 1, n: 1 });
  const again = await sendCommand(port(), insert);
  expect(again).toMatchObject({ ok: 1, n: 1 });
  expect(again).not.toHaveProperty('writeErrors');
  expect(await counters.find().sort({ _id: 1 }).toArray()).toEqual([
    { _id: 'c', n: 11 },
    { _id: 'd', n: 1 },
  ]);
});

test('racing upserts of one unique key leave one document; losers learn the index', async () => {
  const users = connection.collection<{ email: string; by: number }>('upserts');
  await users.createIndex({ email: 1 }, { unique: true, name: 'one_account_per_email' });
  const byUpdate = await outcomes(
    Array.from({ length: 20 }, (_, by) =>
      // The filter matches nobody, so each of them tries to insert.
      users.updateOne({ email: 'a@b.c', by: by + 1_000 }, { $set: { by } }, { upsert: true }),
    ),
  );
  expect(byUpdate.won).toBe(1);
  for (const error of byUpdate.errors) {
    expect(error).toMatchObject({ code: 11000, keyPattern: { email: 1 } });
    expect(error.message).toContain(
      'E11000 duplicate key error collection: shop.upserts index: one_account_per_email dup key: { email:',
    );
  }
  expect(await users.countDocuments({ email: 'a@b.c' })).toBe(1);
});

test('racing findAndModify upserts and inserts leave one document too', async () => {
  const users = connection.collection<{ email: string; by: number }>('modified');
  await users.createIndex({ email: 1 }, { unique: true });
  const { won, errors } = await outcomes<unknown>([
    ...Array.from({ length: 10 }, (_, by) =>
      users.findOneAndUpdate({ email: 'x', by: by + 1_000 }, { $set: { by } }, { upsert: true }),
    ),
    ...Array.from({ length: 10 }, (_, by) => users.insertOne({ email: 'x', by })),
  ]);
  expect(won).toBe(1);
  for (const error of errors) {
    expect(error).toMatchObject({ code: 11000 });
    expect(error.message).toContain(
      'E11000 duplicate key error collection: shop.modified index: email_1 dup key: { email:',
    );
  }
  expect(await users.countDocuments()).toBe(1);
});

test('60 racers for one unique key are done soon, without the help of retryable writes', async () => {
  const hasty = await mongoose
    .createConnection(services.mongoUrl, { dbName: 'shop', retryWrites: false })
    .asPromise();
  const users = hasty.collection<{ email: string; by: number }>('raced');
  await users.createIndex({ email: 1 }, { unique: true });
  const startedAt = performance.now();
  const { won, errors } = await outcomes<unknown>(
    Array.from({ length: 60 }, (_, by) =>
      by % 2 === 0
        ? users.insertOne({ email: 'x', by })
        : users.findOneAndUpdate(
            { email: 'x', by: by + 1_000 },
            { $set: { by } },
            { upsert: true },
          ),
    ),
  );
  expect(won).toBe(1);
  expect(errors.every((error) => error.code === 11000)).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  await hasty.close();
});

test('a findAndModify that would break a unique index names it', async () => {
  const users = connection.collection<{ _id: number; email: string }>('renamed');
  await users.createIndex({ email: 1 }, { unique: true });
  await users.insertMany([
    { _id: 1, email: 'a' },
    { _id: 2, email: 'b' },
  ]);
  await expect(users.findOneAndUpdate({ _id: 2 }, { $set: { email: 'a' } })).rejects.toMatchObject({
    code: 11000,
    keyPattern: { email: 1 },
    message: expect.stringContaining('index: email_1 dup key'),
  });
});

test('a duplicate _id names the index _id_', async () => {
  const plain = connection.collection<{ _id: number }>('plain');
  await plain.insertOne({ _id: 1 });
  await expect(plain.insertOne({ _id: 1 })).rejects.toMatchObject({
    code: 11000,
    message: expect.stringContaining('shop.plain index: _id_ dup key: { _id:'),
  });
});

test('an unordered batch does all it can and tells what it could not', async () => {
  const rows = connection.collection<{ _id: number }>('batch');
  await rows.insertOne({ _id: 1 });
  const error = await rows
    .insertMany([{ _id: 0 }, { _id: 1 }, { _id: 2 }], { ordered: false })
    .catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 11000, insertedCount: 2, writeErrors: [{ index: 1 }] });
  expect(await rows.countDocuments()).toBe(3);
});

test('an ordered batch stops at its first error', async () => {
  const rows = connection.collection<{ _id: number }>('ordered');
  await expect(rows.insertMany([{ _id: 0 }, { _id: 0 }, { _id: 1 }])).rejects.toMatchObject({
    insertedCount: 1,
  });
  expect(await rows.find().toArray()).toEqual([{ _id: 0 }]);
});

test('batches that lock the same rows in opposite orders all take effect exactly once', async () => {
  const rows = connection.collection<{ _id: number; n: number }>('opposite');
  const ids = Array.from({ length: 20 }, (_, _id) => _id);
  await rows.insertMany(ids.map((_id) => ({ _id, n: 0 })));
  await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      rows.bulkWrite(
        (index % 2 === 0 ? ids : ids.toReversed()).map((_id) => ({
          updateOne: { filter: { _id }, update: { $inc: { n: 1 } } },
        })),
        { ordered: index % 4 < 2 },
      ),
    ),
  );
  expect(await rows.countDocuments({ n: 16 })).toBe(20);
});

test('a write waits out the transaction that holds its row', async () => {
  const rows = connection.collection<{ _id: number; n: number }>('held');
  await rows.insertOne({ _id: 1, n: 0 });
  const session = await connection.startSession();
  session.startTransaction();
  await rows.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session });
  const waiting = rows.updateOne({ _id: 1 }, { $inc: { n: 10 } });
  // It goes on for longer than the database itself lets a statement wait for a lock.
  for (const startedAt = performance.now(); performance.now() - startedAt < 600; ) {
    await rows.findOne({ _id: 1 }, { session });
  }
  await session.commitTransaction();
  await session.endSession();
  expect(await waiting).toMatchObject({ modifiedCount: 1 });
  expect(await rows.findOne({ _id: 1 })).toMatchObject({ n: 11 });
});

test('64-bit integers, decimals, dates and binary come back as they went', async () => {
  const rows = connection.collection<{ _id: string; negative: Long }>('exact');
  const document = {
    _id: 'exact',
    long: Long.MAX_VALUE,
    negative: Long.MIN_VALUE,
    decimal: Decimal128.fromString('12345678901234567890.123456789012'),
    at: new Date('2026-02-28T23:59:59.999Z'),
    bytes: new UUID('0190d7c4-7b1a-7000-8000-000000000001'),
    nested: [{ empty: {} }, [], null, true, 'ünïcødé 🛍️'],
  };
  await rows.insertOne({ ...document });
  expect(await rows.findOne({ _id: 'exact' }, { promoteLongs: false })).toEqual(document);
  await rows.updateOne({ _id: 'exact' }, { $inc: { negative: Long.ONE } });
  const row = await rows.findOne({ _id: 'exact' }, { promoteLongs: false });
  expect(String(row?.['negative'])).toBe('-9223372036854775807');
});

test('an unacknowledged write has taken effect before the read sent after it', async () => {
  const alone = await mongoose
    .createConnection(services.mongoUrl, { dbName: 'shop', maxPoolSize: 1 })
    .asPromise();
  const rows = alone.collection<{ _id: number }>('unacknowledged');
  await rows.insertOne({ _id: 1 }, { writeConcern: { w: 0 } });
  expect(await rows.findOne({ _id: 1 })).toEqual({ _id: 1 });
  await alone.close();
});
