import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalServices, startLocalServices } from '../src/local-services.ts';

let dataDir: string;
let services: LocalServices;
let connection: Connection;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vitrine-restart-'));
  services = await startLocalServices({ dataDir });
  connection = await mongoose.createConnection(services.mongoUrl, { dbName: 'shop' }).asPromise();
}, 120_000);

afterAll(async () => {
  await connection?.close();
  await services?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, 30_000);

function databasePid(): number {
  return Number(readFileSync(join(dataDir, 'documentdb', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** Kills the database under whatever is running and waits until another one has taken its place. */
async function killDatabase(): Promise<void> {
  const killed = databasePid();
  process.kill(killed, 'SIGKILL');
  await expect
    .poll(
      () => {
        try {
          return databasePid();
        } catch {
          return killed;
        }
      },
      { timeout: 10_000 },
    )
    .not.toBe(killed);
}

test('inserts go on over a kill of the database: each one acknowledged is there once', async () => {
  const rows = connection.collection<{ _id: string }>('inserts');
  await rows.insertOne({ _id: 'first' });
  const acknowledged = ['first'];
  let isOver = false;
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let n = 0; !isOver; n += 1) {
      const _id = `${writer}-${n}`;
      await rows.insertOne({ _id });
      acknowledged.push(_id);
    }
  });
  await expect.poll(() => acknowledged.length).toBeGreaterThan(100);
  await killDatabase();
  const atRestart = acknowledged.length;
  await expect
    .poll(() => acknowledged.length, { timeout: 10_000 })
    .toBeGreaterThan(atRestart + 100);
  isOver = true;
  await Promise.all(writers);
  const found = await rows.find().toArray();
  expect(found.map(({ _id }) => _id).toSorted()).toEqual(acknowledged.toSorted());
}, 30_000);

test('transactions go on over it too, and none is half done or done twice', async () => {
  const counters = connection.collection<{ _id: string; n: number }>('counters');
  const entries = connection.collection<{ _id: string }>('entries');
  await entries.insertOne({ _id: 'none' });
  const writers = ['a', 'b', 'c', 'd'];
  await counters.insertMany(writers.map((_id) => ({ _id, n: 0 })));
  let committed = 0;
  let isOver = false;
  const running = writers.map(async (_id) => {
    for (let n = 0; !isOver; n += 1) {
      await connection.transaction(async (session) => {
        await counters.updateOne({ _id }, { $inc: { n: 1 } }, { session });
        await entries.insertOne({ _id: `${_id}-${n}` }, { session });
      });
      committed += 1;
    }
  });
  await expect.poll(() => committed).toBeGreaterThan(30);
  await killDatabase();
  const atRestart = committed;
  await expect.poll(() => committed, { timeout: 10_000 }).toBeGreaterThan(atRestart + 30);
  isOver = true;
  await Promise.all(running);
  const counted = (await counters.find().toArray()).reduce((sum, { n }) => sum + n, 0);
  expect(counted).toBe(committed);
  expect(await entries.countDocuments({ _id: { $ne: 'none' } })).toBe(committed);
}, 30_000);

test('a transaction that was open at the kill is never taken for one that began after it', async () => {
  const rows = connection.collection<{ _id: string }>('open');
  await rows.insertOne({ _id: 'none' });
  const session = await connection.startSession();
  session.startTransaction();
  await rows.insertOne({ _id: 'open at the kill' }, { session });
  await killDatabase();
  // PostgreSQL gives ids again that had not reached its log.
  for (let n = 0; n < 20; n += 1) {
    await connection.transaction(async (later) => {
      await rows.insertOne({ _id: `later ${n}` }, { session: later });
    });
  }
  const outcome = await session.commitTransaction().then(
    () => 'committed',
    (error: { codeName?: string }) => error.codeName,
  );
  await session.endSession();
  expect(outcome).toBe('NoSuchTransaction');
  expect(await rows.countDocuments({ _id: 'open at the kill' })).toBe(0);
  expect(await rows.countDocuments()).toBe(21);
}, 30_000);

test('a cursor opened before the restart is answered after it, or refused as not found', async () => {
  const rows = connection.collection<{ _id: number; g: number }>('cursor');
  await rows.insertMany(Array.from({ length: 500 }, (_, _id) => ({ _id, g: _id % 5 })));
  const cursor = rows.find({}, { batchSize: 10 }).sort({ g: 1 });
  await cursor.next();
  await killDatabase();
  const rest = await cursor.toArray().catch((error: { code: number }) => error.code);
  expect([43, 499]).toContain(typeof rest === 'number' ? rest : rest.length);
}, 30_000);

test('Redis is started again as well, with its data and on its port', async () => {
  const redis = new Redis(services.redisUrl);
  redis.on('error', () => undefined);
  await redis.set('kept', 'yes');
  const pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => redis.get('kept'), { timeout: 10_000 }).toBe('yes');
  redis.disconnect();
}, 30_000);
