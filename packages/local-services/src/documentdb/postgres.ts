import { existsSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { DataLayout } from '../supervisor/data-layout.ts';
import { LocalServicesError } from '../supervisor/messages.ts';
import { lastLine, runTool } from '../supervisor/run-tool.ts';
import {
  type ServiceProcess,
  startService,
  waitUntilReady,
} from '../supervisor/service-process.ts';
import type { DocumentdbInstallation } from './installation.ts';
import { postgresSettings } from './postgres-settings.ts';
import { PASSWORD_FILE, TEMPLATE } from './template.ts';

const BIN = 'usr/lib/postgresql/18/bin/postgres';
const MAJOR = '18';
/** Crash recovery after much work may take long; a start without it takes a quarter of a second. */
const START_TIMEOUT_MS = 120_000;

export interface PostgresOptions {
  readonly installation: DocumentdbInstallation;
  readonly layout: DataLayout;
  readonly port: number;
  readonly ephemeral: boolean;
}

/** PostgreSQL with DocumentDB on the data folder, made from the template when it is new. */
export async function startPostgres(options: PostgresOptions): Promise<ServiceProcess> {
  const { layout, port } = options;
  await makeDataFolder(options);
  await waitForPredecessor(layout.documentdb);
  const service = startService({
    name: 'PostgreSQL',
    ...(await serverCommand(options)),
    cwd: layout.documentdb,
    logFile: join(layout.logs, 'postgres.log'),
    stopSignal: 'SIGINT',
  });
  const config = await postgresConnection(layout, port);
  const version = await expectedVersion(options.installation);
  await waitUntilReady(service, {
    name: 'DocumentDB',
    timeoutMs: START_TIMEOUT_MS,
    isReady: () => bringUpToDate(config, version),
  });
  return service;
}

export async function postgresConnection(
  layout: DataLayout,
  port: number,
): Promise<pg.ClientConfig> {
  const password = await readPassword(layout);
  return { host: '127.0.0.1', port, user: 'postgres', database: 'postgres', password };
}

async function writeSettings({ layout, port, ephemeral }: PostgresOptions): Promise<string> {
  const file = join(layout.documentdb, 'vitrine.conf');
  await writeFile(file, postgresSettings({ port, ephemeral }));
  return file;
}

function readPassword(layout: DataLayout): Promise<string> {
  return readFile(join(layout.documentdb, PASSWORD_FILE), 'utf8');
}

/**
 * The server runs outside the installation's root, on that root's own loader and libraries, so
 * that its data can lie wherever the data folder is. PostgreSQL refuses to run as root: it runs as
 * the owner of its data, with the one capability it needs to reach a folder below `/root`.
 */
async function serverCommand(options: PostgresOptions) {
  const {
    installation: { root },
    layout,
  } = options;
  const { uid, gid } = await stat(layout.documentdb);
  const { loader, libraries } = architecture();
  return {
    command: join(root, loader),
    args: [
      '--library-path',
      [...libraries, 'usr/lib/postgresql/18/lib'].map((path) => join(root, path)).join(':'),
      // PostgreSQL looks for its own files beside its program, and asks `access` for it, which
      // ignores capabilities. By way of an open descriptor no folder above the root is asked.
      '--argv0',
      `/proc/self/fd/3/${BIN}`,
      join(root, BIN),
      ...['-D', layout.documentdb],
      ...['-c', `config_file=${await writeSettings(options)}`],
    ],
    folder: root,
    privileges: [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      '--inh-caps=-all,+dac_override',
      '--ambient-caps=+dac_override',
    ],
    // Nothing of the starter's environment is the server's business. DocumentDB connects to its own
    // server to create collections, and has no other way to give the password.
    env: { LC_ALL: 'C.UTF-8', TZ: 'UTC', PGPASSWORD: await readPassword(layout) },
  };
}

function architecture(): { loader: string; libraries: readonly string[] } {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const loader =
    process.arch === 'arm64'
      ? 'usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1'
      : 'usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2';
  return { loader, libraries: [`usr/lib/${triplet}`] };
}

async function makeDataFolder({ installation, layout }: PostgresOptions): Promise<void> {
  if (existsSync(layout.documentdb)) {
    const major = await readFile(join(layout.documentdb, 'PG_VERSION'), 'utf8').catch(() => '');
    if (major.trim() === MAJOR) return;
    throw new LocalServicesError(
      `${layout.documentdb} holds no data of PostgreSQL ${MAJOR}; remove it by npm run reset.`,
    );
  }
  // Copied beside its place first: a folder under its own name is a whole one.
  const partial = `${layout.documentdb}.partial`;
  await rm(partial, { recursive: true, force: true });
  const template = join(installation.root, TEMPLATE);
  const copy = await runTool('cp', ['-a', '--reflink=auto', template, partial]);
  if (!copy.ok) throw new LocalServicesError(`copying a database: ${lastLine(copy.output)}`);
  await rename(partial, layout.documentdb);
}

/**
 * Whose supervisor was killed ends by itself, but may still be at it. Starting beside it would
 * fail, and its lock file outlives a crash of the machine.
 */
async function waitForPredecessor(folder: string): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const pid = await predecessor(folder);
    if (pid === undefined) break;
    if (performance.now() > giveUpAt) process.kill(pid, 'SIGKILL');
    await delay(50);
  }
  await rm(join(folder, 'postmaster.pid'), { force: true });
}

async function predecessor(folder: string): Promise<number | undefined> {
  const [line = ''] = (
    await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')
  ).split('\n');
  const pid = Number(line);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.split('\0').includes(folder) ? pid : undefined;
}

/** Version of DocumentDB the installation's program expects its database to have. */
async function expectedVersion({ root }: DocumentdbInstallation): Promise<string> {
  const control = await readFile(
    join(root, 'usr/share/postgresql/18/extension/documentdb.control'),
    'utf8',
  );
  const version = /^default_version\s*=\s*'([^']+)'/m.exec(control)?.[1];
  if (version === undefined) throw new LocalServicesError('DocumentDB names no version');
  return version;
}

/** Throws until the server answers; brings older data up to the installation's version. */
async function bringUpToDate(config: pg.ClientConfig, version: string): Promise<true> {
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ extversion: string }>(
      "SELECT extversion FROM pg_extension WHERE extname = 'documentdb'",
    );
    if (rows[0]?.extversion !== version) await client.query('ALTER EXTENSION documentdb UPDATE');
    return true;
  } finally {
    await client.end();
  }
}
