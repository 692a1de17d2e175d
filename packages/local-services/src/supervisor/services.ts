import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { postgresConnection, startPostgres } from '../documentdb/postgres.ts';
import { findMongo } from '../mongo/find-mongo.ts';
import { startMongod } from '../mongo/mongod.ts';
import { findRedis } from '../redis/find-redis.ts';
import { startRedis } from '../redis/redis-server.ts';
import { startGateway } from '../wire/gateway.ts';
import type { DataLayout } from './data-layout.ts';
import { freePort, isTaken } from './free-port.ts';
import { type KeptService, keepRunning } from './keep-running.ts';
import type { ReportStep } from './messages.ts';

export interface Start {
  readonly layout: DataLayout;
  readonly ephemeral: boolean;
  readonly report: ReportStep;
  /** Aborted when the starter has gone: nothing more is to be begun. */
  readonly signal: AbortSignal;
}

/** A running service and how to reach it. */
export interface RunningService {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const STOP_MS = 10_000;
/** The gateway has nothing to save; a statement that hangs must not hold up the database's end. */
const GATEWAY_STOP_MS = 2_000;

export async function startRedisService(start: Start): Promise<RunningService> {
  const startedAt = performance.now();
  const binary = await findRedis(start.report);
  await mkdir(start.layout.logs, { recursive: true });
  const kept = await onFreePort((port) =>
    keepRunning(() => startRedis({ ...start, binary, port }), start.signal),
  );
  start.report({
    name: 'Redis',
    detail: `${binary} on 127.0.0.1:${kept.port}`,
    ms: performance.now() - startedAt,
  });
  return { url: `redis://127.0.0.1:${kept.port}`, stop: () => kept.service.stop(STOP_MS) };
}

export async function startMongoService(start: Start): Promise<RunningService> {
  const startedAt = performance.now();
  const engine = await findMongo(start.layout, start.report, start.signal);
  await mkdir(start.layout.logs, { recursive: true });
  const ready = (detail: string): void =>
    start.report({ name: 'MongoDB', detail, ms: performance.now() - startedAt });

  if (engine.kind === 'mongod') {
    const mongod = await onFreePort((port) =>
      keepRunning(() => startMongod({ ...start, binary: engine.binary, port }), start.signal),
    );
    ready(`mongod on 127.0.0.1:${mongod.port}`);
    return {
      url: `mongodb://127.0.0.1:${mongod.port}/?replicaSet=rs0`,
      stop: () => mongod.service.stop(STOP_MS),
    };
  }

  const { installation } = engine;
  const postgres = await onFreePort((port) =>
    keepRunning(() => startPostgres({ ...start, installation, port }), start.signal),
  );
  const gateway = await startGateway({
    postgres: await postgresConnection(start.layout, postgres.port),
  });
  ready(`DocumentDB on ${new URL(gateway.url).host}`);
  return {
    url: gateway.url,
    async stop() {
      await Promise.race([gateway.close(), delay(GATEWAY_STOP_MS)]);
      await postgres.service.stop(STOP_MS);
    },
  };
}

interface OnPort {
  readonly port: number;
  readonly service: KeptService;
}

const PORT_ATTEMPTS = 5;

/** Starts on a free port; on another one where somebody else was quicker to take it. */
async function onFreePort(startOn: (port: number) => Promise<KeptService>): Promise<OnPort> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { port, service: await startOn(port) };
    } catch (error) {
      if (attempt === PORT_ATTEMPTS || !(await isTaken(port))) throw error;
    }
  }
}
