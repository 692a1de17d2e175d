import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Document, Long } from 'bson';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type LocalServices, startLocalServices } from '../src/local-services.ts';
import { encodeCommand } from '../src/wire/message.ts';
import { sendCommand } from '../src/wire/send-command.ts';

vi.setConfig({ testTimeout: 30_000 });

let dataDir: string;
let services: LocalServices;
let connection: Connection;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vitrine-cursors-'));
  services = await startLocalServices({ dataDir, ephemeral: true });
  connection = await mongoose.createConnection(services.mongoUrl, { dbName: 'shop' }).asPromise();
  await connection
    .collection<{ _id: number; group: number }>('rows')
    .insertMany(Array.from({ length: 5_000 }, (_, _id) => ({ _id, group: _id % 7 })));
}, 120_000);

afterAll(async () => {
  await connection?.close();
  await services?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, 30_000);

const rows = () => connection.collection<{ _id: number; group: number }>('rows');
const ids = (count: number) => Array.from({ length: count }, (_, id) => id);

test('a find over many pages returns every row once', async () => {
  const found = await rows().find({}, { batchSize: 100 }).toArray();
  expect(found.map(({ _id }) => _id).toSorted((a, b) => a - b)).toEqual(ids(5_000));
});

test('a sorted find keeps its order over all pages', async () => {
  const found = await rows().find({}, { batchSize: 90 }).sort({ group: 1, _id: -1 }).toArray();
  expect(found).toHaveLength(5_000);
  expect(found).toEqual(found.toSorted((a, b) => a.group - b.group || b._id - a._id));
});

test('an aggregation pages too, and so does one inside a transaction', async () => {
  const pipeline = [{ $match: { group: 3 } }, { $sort: { _id: -1 } }];
  const outside = await rows().aggregate(pipeline, { batchSize: 50 }).toArray();
  expect(outside).toHaveLength(714);
  const session = await connection.startSession();
  session.startTransaction();
  await rows().insertOne({ _id: 10_000, group: 3 }, { session });
  const inside = await rows().aggregate(pipeline, { batchSize: 50, session }).toArray();
  expect(inside).toHaveLength(715);
  await session.abortTransaction();
  await session.endSession();
});

test('more open cursors than the database has connections hold nobody up', async () => {
  const cursors = ids(150).map(() => rows().find({}, { batchSize: 10 }).sort({ group: 1 }));
  await Promise.all(cursors.map((cursor) => cursor.next()));
  expect(await rows().countDocuments({ group: 0 })).toBe(715);
  const second = await Promise.all(cursors.map((cursor) => cursor.next()));
  expect(second.every((row) => row?.group === 0)).toBe(true);
  await Promise.all(cursors.map((cursor) => cursor.close()));
});

const port = () => Number(new URL(services.mongoUrl).port);
const cursorFiles = () => readdirSync(join(dataDir, 'documentdb', 'pg_documentdb_cursor_files'));
const sortedFind = { find: 'rows', sort: { group: 1 }, batchSize: 5, $db: 'shop' };

test('a killed cursor is gone, its rows too, and killing it again finds nothing', async () => {
  const cursor = rows().find({}, { batchSize: 5 }).sort({ group: 1 });
  await cursor.next();
  const id: Long | undefined = cursor.id;
  expect(cursorFiles().join()).toContain(String(id));
  const kill = { killCursors: 'rows', cursors: [id], $db: 'shop' };
  expect(await sendCommand(port(), kill)).toMatchObject({ ok: 1, cursorsKilled: [Number(id)] });
  expect(await sendCommand(port(), kill)).toMatchObject({ ok: 1, cursorsNotFound: [Number(id)] });
  await expect.poll(() => cursorFiles().join(), { timeout: 10_000 }).not.toContain(String(id));
  await expect(async () => {
    for (;;) await cursor.next();
  }).rejects.toMatchObject({ code: 43, codeName: 'CursorNotFound' });
});

test('a client that leaves releases the cursors it opened', async () => {
  // Those of the tests before may still be on their way out.
  const before = new Set(cursorFiles());
  const opened = () => cursorFiles().filter((file) => !before.has(file));
  const socket = connect(port(), '127.0.0.1');
  socket.write(encodeCommand(1, sortedFind));
  await expect.poll(() => opened().length, { timeout: 10_000 }).toBe(1);
  socket.destroy();
  await expect.poll(() => opened().length, { timeout: 10_000 }).toBe(0);
});

test('ending a session closes its cursors', async () => {
  const session = await connection.startSession();
  const cursor = rows().find({}, { batchSize: 5, session }).sort({ group: 1 });
  await cursor.next();
  const id: Document = { getMore: cursor.id, collection: 'rows', $db: 'shop' };
  await connection.db?.admin().command({ endSessions: [session.id] });
  expect(await sendCommand(port(), id)).toMatchObject({ ok: 0, code: 43 });
});

test('a limit ends the cursor with its only page', async () => {
  const before = new Set(cursorFiles());
  const found = await rows().find({}, { limit: 20 }).sort({ group: -1 }).toArray();
  expect(found).toHaveLength(20);
  // Those of the tests before may still be on their way out.
  expect(cursorFiles().filter((file) => !before.has(file))).toEqual([]);
});
