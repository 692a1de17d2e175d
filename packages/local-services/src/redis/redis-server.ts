import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { DataLayout } from '../supervisor/data-layout.ts';
import {
  type ServiceProcess,
  startService,
  waitUntilReady,
} from '../supervisor/service-process.ts';

export interface RedisOptions {
  readonly binary: string;
  readonly layout: DataLayout;
  readonly port: number;
  /** No fsync: a crash of the machine may lose data, a crash of the process does not. */
  readonly ephemeral: boolean;
}

export async function startRedis(options: RedisOptions): Promise<ServiceProcess> {
  const { layout, port } = options;
  await mkdir(layout.redis, { recursive: true });
  const service = startService({
    name: 'Redis',
    command: options.binary,
    args: settings(options),
    cwd: layout.redis,
    logFile: join(layout.logs, 'redis.log'),
    stopSignal: 'SIGTERM',
  });
  await waitUntilReady(service, {
    name: 'Redis',
    // Reading back a long append-only file takes its time.
    timeoutMs: 60_000,
    isReady: () => answersPing(port),
  });
  return service;
}

function settings({ layout, port, ephemeral }: RedisOptions): string[] {
  return Object.entries({
    port: String(port),
    bind: '127.0.0.1',
    dir: layout.redis,
    appendonly: 'yes',
    appendfsync: ephemeral ? 'no' : 'everysec',
    // The append-only file has everything; a second copy would only cost forks.
    save: '',
    // A queue that silently loses jobs when memory is short is worse than one that refuses.
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  }).flatMap(([name, value]) => [`--${name}`, value]);
}

/** PING without a client library; a server still loading its file answers `-LOADING`. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (reply) => {
      resolve(reply.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(false));
  });
}
