import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataLayout } from '../supervisor/data-layout.ts';
import {
  type ServiceProcess,
  startService,
  waitUntilReady,
} from '../supervisor/service-process.ts';
import { ensureReplicaSet } from './replica-set.ts';

export interface MongodOptions {
  readonly binary: string;
  readonly layout: DataLayout;
  readonly port: number;
}

/** MongoDB's own server as a replica set of one node: transactions need a replica set. */
export async function startMongod(options: MongodOptions): Promise<ServiceProcess> {
  const { binary, layout, port } = options;
  await mkdir(layout.mongod, { recursive: true });
  const service = startService({
    name: 'MongoDB',
    command: binary,
    args: [
      ...['--dbpath', layout.mongod],
      ...['--port', String(port)],
      ...['--bind_ip', '127.0.0.1'],
      ...['--replSet', 'rs0'],
      ...['--wiredTigerCacheSizeGB', '0.5'],
      '--nounixsocket',
    ],
    cwd: layout.mongod,
    logFile: join(layout.logs, 'mongod.log'),
    stopSignal: 'SIGTERM',
  });
  await waitUntilReady(service, {
    name: 'MongoDB',
    timeoutMs: 60_000,
    isReady: () => ensureReplicaSet(port),
  });
  return service;
}
