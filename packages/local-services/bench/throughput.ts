/**
 * Operations a second through the databases this machine gets, the client on the same machine:
 * `node packages/local-services/bench/throughput.ts`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { startLocalServices } from '../src/local-services.ts';

const CLIENTS = 16;
const SECONDS = 2;

const dataDir = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
const startTimes: number[] = [];
for (const attempt of ['new', 'existing'] as const) {
  const startedAt = performance.now();
  const services = await startLocalServices({ dataDir });
  startTimes.push(performance.now() - startedAt);
  if (attempt === 'new') await services.stop();
  else await measure(services.mongoUrl).finally(services.stop);
}
await rm(dataDir, { recursive: true, force: true });

async function measure(url: string): Promise<void> {
  const connection = await mongoose.createConnection(url, { dbName: 'bench' }).asPromise();
  const rows = connection.collection<{ _id: number; key: string; n: number }>('rows');
  await rows.createIndex({ key: 1 }, { unique: true });
  const [coldMs = 0, warmMs = 0] = startTimes;
  report('start, new data folder', `${Math.round(coldMs)} ms`);
  report('start, existing data folder', `${Math.round(warmMs)} ms`);

  const row = (_id: number) => ({ _id, key: `key-${_id}`, n: 0 });
  await rate('insert', (id) => rows.insertOne(row(id)));
  const many = 20_000;
  const startedAt = performance.now();
  await rows.insertMany(Array.from({ length: many }, (_, id) => row(1_000_000 + id)));
  const perSecond = (many * 1_000) / (performance.now() - startedAt);
  report('insertMany, documents', `${Math.round(perSecond)}/s`);
  const some = () => 1_000_000 + Math.floor(Math.random() * many);
  await rate('find by id', () => rows.findOne({ _id: some() }));
  await rate('find by unique key', () => rows.findOne({ key: `key-${some()}` }));
  await rate('conditional update', () =>
    rows.updateOne({ _id: some(), n: { $gte: 0 } }, { $inc: { n: 1 } }),
  );
  await rate('conditional update of one hot document', () =>
    rows.updateOne({ _id: 1_000_000, n: { $gte: 0 } }, { $inc: { n: 1 } }),
  );
  await rate('transaction of two writes', (id) =>
    connection.transaction(async (session) => {
      await rows.insertOne(row(2_000_000 + id), { session });
      await rows.updateOne({ _id: 2_000_000 + id }, { $inc: { n: 1 } }, { session });
    }),
  );
  await connection.close();
}

/** `CLIENTS` callers, each with one operation under way, for `SECONDS`. */
async function rate(label: string, operation: (id: number) => Promise<unknown>): Promise<void> {
  let done = 0;
  let id = 0;
  const endsAt = performance.now() + SECONDS * 1_000;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (performance.now() < endsAt) {
        id += 1;
        await operation(id);
        done += 1;
      }
    }),
  );
  report(label, `${Math.round(done / SECONDS)}/s`);
}

function report(label: string, value: string): void {
  console.log(label.padEnd(42), value.padStart(12));
}
