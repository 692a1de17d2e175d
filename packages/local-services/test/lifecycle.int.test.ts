import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { expect, onTestFinished, test, vi } from 'vitest';
import { removeLocalData, startLocalServices } from '../src/local-services.ts';

vi.setConfig({ testTimeout: 60_000 });

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-lifecycle-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function start(dataDir: string) {
  const services = await startLocalServices({ dataDir });
  onTestFinished(() => services.stop());
  return services;
}

interface Urls {
  readonly mongoUrl: string;
  readonly redisUrl: string;
}

/** Another process that starts the services, as `npm start` does, in a process group of its own. */
async function startElsewhere(dataDir: string): Promise<{ child: ChildProcess } & Urls> {
  const module = new URL('../src/local-services.ts', import.meta.url).href;
  const program = `
    import { startLocalServices } from ${JSON.stringify(module)};
    const { mongoUrl, redisUrl } = await startLocalServices({ dataDir: process.argv[1] });
    console.log(JSON.stringify({ mongoUrl, redisUrl }));
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, dataDir], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line]: Buffer[] = await once(child.stdout, 'data');
  return { child, ...(JSON.parse(String(line)) as Urls) };
}

async function writeBoth({ mongoUrl, redisUrl }: Urls): Promise<void> {
  const connection = await mongoose.createConnection(mongoUrl).asPromise();
  await connection.collection<{ _id: string }>('kept').insertOne({ _id: 'kept' });
  await connection.close();
  const redis = new Redis(redisUrl);
  await redis.set('kept', 'kept');
  redis.disconnect();
}

async function readBoth({ mongoUrl, redisUrl }: Urls): Promise<unknown[]> {
  const connection = await mongoose.createConnection(mongoUrl).asPromise();
  const row = await connection.collection<{ _id: string }>('kept').findOne({});
  await connection.close();
  const redis = new Redis(redisUrl);
  const value = await redis.get('kept');
  redis.disconnect();
  return [row?._id, value];
}

/** The processes behind a running data folder: supervisor, database, Redis. */
async function processesOf(dataDir: string, { redisUrl }: Urls): Promise<number[]> {
  const holder = readFileSync(join(dataDir, 'local-services.lock-holder'), 'utf8').split(' ')[1];
  const [database] = readFileSync(join(dataDir, 'documentdb', 'postmaster.pid'), 'utf8').split(
    '\n',
  );
  const redis = new Redis(redisUrl);
  const info = await redis.info('server');
  redis.disconnect();
  return [holder, database, /process_id:(\d+)/.exec(info)?.[1]].map(Number);
}

/** A zombie has ended; it only waits to be collected. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const running = (pids: readonly number[]) => () => pids.filter(isRunning);

test('data outlive a stop, which leaves no process', async () => {
  const dataDir = join(await dataFolder(), 'made', 'when missing');
  const steps: string[] = [];
  const first = await startLocalServices({
    dataDir,
    report: ({ name, detail }) => steps.push(`${name}: ${detail}`),
  });
  expect(steps.toSorted()).toEqual([
    expect.stringMatching(/^MongoDB: .* on 127\.0\.0\.1:\d+$/),
    expect.stringMatching(/^Redis: .* on 127\.0\.0\.1:\d+$/),
  ]);
  await writeBoth(first);
  const pids = await processesOf(dataDir, first);
  await first.stop();
  expect(running(pids)()).toEqual([]);
  const second = await start(dataDir);
  expect(await readBoth(second)).toEqual(['kept', 'kept']);
});

test('a starter killed with its whole group leaves no process, and its data to the next', async () => {
  const dataDir = await dataFolder();
  const { child, ...urls } = await startElsewhere(dataDir);
  await writeBoth(urls);
  const pids = await processesOf(dataDir, urls);
  expect(running(pids)()).toEqual(pids);
  process.kill(-Number(child.pid), 'SIGKILL');
  // At once, while the clean-up of the one before may still be under way.
  const next = await start(dataDir);
  expect(running(pids)()).toEqual([]);
  expect(await readBoth(next)).toEqual(['kept', 'kept']);
});

test('everything killed at once starts again with its data', async () => {
  const dataDir = await dataFolder();
  const { child, ...urls } = await startElsewhere(dataDir);
  await writeBoth(urls);
  const pids = await processesOf(dataDir, urls);
  for (const pid of [Number(child.pid), ...pids]) process.kill(pid, 'SIGKILL');
  expect(await readBoth(await start(dataDir))).toEqual(['kept', 'kept']);
});

test('the databases end with their supervisor when that is killed', async () => {
  const dataDir = await dataFolder();
  const services = await start(dataDir);
  const pids = await processesOf(dataDir, services);
  process.kill(Number(pids[0]), 'SIGKILL');
  await expect.poll(running(pids), { timeout: 10_000 }).toEqual([]);
});

test('the supervisor outlives its starter’s group and stops the databases in order', async () => {
  const dataDir = await dataFolder();
  const { child, ...urls } = await startElsewhere(dataDir);
  const pids = await processesOf(dataDir, urls);
  process.kill(-Number(child.pid), 'SIGKILL');
  await expect.poll(running(pids), { timeout: 10_000 }).toEqual([]);
  const [note, redisLog] = ['local-services.lock-holder', 'logs/redis.log'].map((file) =>
    readFileSync(join(dataDir, file), 'utf8'),
  );
  expect(note).toBe(`stopping ${pids[0]}`);
  expect(redisLog).toContain('Redis is now ready to exit');
});

test('a second start on the same folder is refused and disturbs nothing', async () => {
  const dataDir = await dataFolder();
  const services = await start(dataDir);
  await writeBoth(services);
  await expect(startLocalServices({ dataDir })).rejects.toThrow(
    /is in use: its databases run already, under process \d+/,
  );
  await expect(removeLocalData(dataDir)).rejects.toThrow('is in use');
  expect(await readBoth(services)).toEqual(['kept', 'kept']);
});

test('of two starts at the same moment one wins', async () => {
  const dataDir = await dataFolder();
  const both = await Promise.allSettled([
    startLocalServices({ dataDir }),
    startLocalServices({ dataDir }),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  for (const outcome of both) if (outcome.status === 'fulfilled') await outcome.value.stop();
});

test('removing the data removes them and nothing else', async () => {
  const dataDir = await dataFolder();
  const services = await startLocalServices({ dataDir });
  await writeBoth(services);
  await mkdir(join(dataDir, 'pictures'));
  await writeFile(join(dataDir, 'pictures', 'a.png'), 'a');
  await services.stop();
  await removeLocalData(dataDir);
  expect(existsSync(join(dataDir, 'documentdb'))).toBe(false);
  expect(existsSync(join(dataDir, 'redis'))).toBe(false);
  expect(existsSync(join(dataDir, 'pictures', 'a.png'))).toBe(true);
  expect(await readBoth(await start(dataDir))).toEqual([undefined, null]);
});

test('services given by URL are used as they are and nothing is started', async () => {
  const dataDir = await dataFolder();
  const given = { mongoUrl: 'mongodb://db.example:27017', redisUrl: 'redis://cache.example' };
  const services = await startLocalServices({ dataDir, ...given });
  expect(services).toMatchObject(given);
  await services.stop();
  expect(existsSync(join(dataDir, 'logs'))).toBe(false);
});
