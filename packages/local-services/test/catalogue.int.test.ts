import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type LocalServices, startLocalServices } from '../src/local-services.ts';

vi.setConfig({ testTimeout: 30_000 });

let dataDir: string;
let services: LocalServices;
let connection: Connection;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vitrine-catalogue-'));
  services = await startLocalServices({ dataDir, ephemeral: true });
  connection = await mongoose.createConnection(services.mongoUrl, { dbName: 'shop' }).asPromise();
}, 120_000);

afterAll(async () => {
  await connection?.close();
  await services?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, 30_000);

function database(name = 'shop') {
  const { db } = connection.useDb(name);
  if (db === undefined) throw new Error('not connected');
  return db;
}

test('processes that start together may create the same collections and indexes', async () => {
  const starters = await Promise.all(
    Array.from({ length: 12 }, () =>
      mongoose.createConnection(services.mongoUrl, { dbName: 'starting' }).asPromise(),
    ),
  );
  await Promise.all(
    starters.map(async (starter, by) => {
      for (const name of ['a', 'b', 'c']) {
        const collection = starter.collection<{ key: string }>(name);
        await collection.createIndex({ key: 1 }, { unique: true });
        await collection.createIndex({ by: 1, at: -1 });
        await collection.insertOne({ key: `${name}${by}` });
      }
    }),
  );
  for (const name of ['a', 'b', 'c']) {
    const collection = database('starting').collection(name);
    expect((await collection.indexes()).map(({ name }) => name)).toEqual([
      '_id_',
      'key_1',
      'by_1_at_-1',
    ]);
    expect(await collection.countDocuments()).toBe(12);
  }
  await Promise.all(starters.map((starter) => starter.close()));
});

test('racing first writes to a collection nobody has made all arrive', async () => {
  const collection = database('first').collection('writes');
  await Promise.all(Array.from({ length: 30 }, (_, n) => collection.insertOne({ n })));
  expect(await collection.countDocuments()).toBe(30);
});

test('TTL, partial, compound and text indexes are taken and listed as they were given', async () => {
  const collection = database().collection('indexed');
  await collection.createIndexes([
    { key: { expiresAt: 1 }, name: 'gone_after', expireAfterSeconds: 60 },
    {
      key: { shop: 1, slug: 1 },
      name: 'one_slug_per_shop',
      unique: true,
      partialFilterExpression: { slug: { $exists: true } },
    },
    { key: { title: 'text' }, name: 'words' },
  ]);
  expect(await collection.indexes()).toMatchObject([
    { name: '_id_' },
    { name: 'gone_after', expireAfterSeconds: 60 },
    { name: 'one_slug_per_shop', unique: true, key: { shop: 1, slug: 1 } },
    { name: 'words' },
  ]);
  await collection.insertMany([{ shop: 1 }, { shop: 1 }, { shop: 1, slug: 's' }]);
  await expect(collection.insertOne({ shop: 1, slug: 's' })).rejects.toMatchObject({ code: 11000 });
});

test('an index with a name taken by another key is refused by MongoDB’s code', async () => {
  const collection = database().collection('clash');
  await collection.createIndex({ a: 1 }, { name: 'i' });
  await expect(collection.createIndex({ b: 1 }, { name: 'i' })).rejects.toMatchObject({ code: 86 });
  await expect(collection.createIndex({ a: 1 }, { name: 'j' })).rejects.toMatchObject({ code: 85 });
});

test('an index over data that violates it is refused and leaves none', async () => {
  const collection = database().collection('violating');
  await collection.insertMany([{ a: 1 }, { a: 1 }]);
  await expect(collection.createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({
    code: 11000,
  });
  expect(await collection.indexes()).toHaveLength(1);
});

test('indexes, collections and databases go when dropped', async () => {
  const db = database('dropped');
  const collection = db.collection('things');
  await collection.createIndex({ a: 1 });
  await collection.dropIndex('a_1');
  expect(await collection.indexes()).toHaveLength(1);
  await expect(collection.dropIndex('a_1')).rejects.toMatchObject({
    code: 27,
    codeName: 'IndexNotFound',
  });
  await db.createCollection('others');
  expect((await db.listCollections().toArray()).map(({ name }) => name).toSorted()).toEqual([
    'others',
    'things',
  ]);
  expect(await collection.drop()).toBe(true);
  await expect(db.renameCollection('others', 'rest').then(() => 'renamed')).resolves.toBe(
    'renamed',
  );
  const names = async () => (await db.admin().listDatabases()).databases.map(({ name }) => name);
  expect(await names()).toContain('dropped');
  await db.dropDatabase();
  expect(await names()).not.toContain('dropped');
});

test('counts, distinct values, statistics and views answer', async () => {
  const db = database('answers');
  const collection = db.collection('rows');
  await collection.insertMany([{ a: 1 }, { a: 1 }, { a: 2 }]);
  expect(await collection.countDocuments({ a: 1 })).toBe(2);
  expect(await collection.estimatedDocumentCount()).toBe(3);
  expect(await collection.distinct('a')).toEqual([1, 2]);
  await db.createCollection('ones', { viewOn: 'rows', pipeline: [{ $match: { a: 1 } }] });
  expect(await db.collection('ones').countDocuments()).toBe(2);
  expect(await db.command({ dbStats: 1 })).toMatchObject({ ok: 1, db: 'answers' });
  expect(await db.command({ collStats: 'rows' })).toMatchObject({ ok: 1, count: 3 });
});

test('the server says what it is, and what it does not know', async () => {
  const db = database();
  expect(await db.command({ hello: 1 })).toMatchObject({ isWritablePrimary: true, setName: 'rs0' });
  expect(await db.command({ ping: 1 })).toEqual({ ok: 1 });
  expect(await db.command({ buildInfo: 1 })).toMatchObject({ versionArray: [7, 0, 0, 0] });
  expect(await db.command({ connectionStatus: 1 })).toMatchObject({ ok: 1 });
  await expect(db.command({ makeCoffee: 1 })).rejects.toMatchObject({
    code: 59,
    codeName: 'CommandNotFound',
  });
  await expect(db.collection('c').find({ $nonsense: 1 }).toArray()).rejects.toMatchObject({
    code: 2,
    codeName: 'BadValue',
  });
  await expect(
    db.collection('c').updateOne({}, { $set: { a: 1 }, $inc: { a: 1 } }),
  ).rejects.toMatchObject({ code: 40 });
});

test('a query beyond its maxTimeMS ends by MongoDB’s code', async () => {
  const collection = database().collection('slow');
  await collection.insertMany(Array.from({ length: 2_000 }, (_, n) => ({ n })));
  const slow = collection.aggregate(
    [
      {
        $lookup: {
          from: 'slow',
          let: { n: '$n' },
          pipeline: [{ $match: { $expr: { $lt: ['$n', '$$n'] } } }],
          as: 'all',
        },
      },
      { $unwind: '$all' },
      { $count: 'pairs' },
    ],
    { maxTimeMS: 50 },
  );
  await expect(slow.toArray()).rejects.toMatchObject({ code: 50, codeName: 'MaxTimeMSExpired' });
});

test('bytes that are no message end their connection and nobody else’s', async () => {
  const socket = connect(Number(new URL(services.mongoUrl).port), '127.0.0.1');
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await closed;
  expect(await database().command({ ping: 1 })).toEqual({ ok: 1 });
});
