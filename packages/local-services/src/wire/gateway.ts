import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { PoolConfig } from 'pg';
import { createCommandRunner } from '../commands/command-runner.ts';
import { createCursors } from '../commands/cursors.ts';
import { REPLICA_SET } from '../commands/handshake.ts';
import { createTransactions, type TransactionLimits } from '../commands/transactions.ts';
import { serveConnection } from './connection.ts';
import { openDatabase } from './database.ts';

export interface GatewayOptions {
  /** PostgreSQL with the `documentdb` extension. */
  readonly postgres: PoolConfig;
  readonly host?: string;
  /** 0 or none for any free port. */
  readonly port?: number;
  readonly transactions?: TransactionLimits;
}

/** MongoDB's wire protocol in front of a PostgreSQL with DocumentDB. */
export interface Gateway {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer();
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  // An address of a listening TCP server, not the string of a pipe.
  const address = `${host}:${(server.address() as AddressInfo).port}`;

  const database = openDatabase(options.postgres);
  const cursors = createCursors(database, Date.now);
  const transactions = createTransactions(database, options.transactions);
  const now = () => new Date();
  const runCommand = createCommandRunner({ address, database, cursors, transactions, now });
  const sockets = new Set<Socket>();
  let lastConnectionId = 0;

  server.on('connection', (socket) => {
    lastConnectionId += 1;
    const connectionId = lastConnectionId;
    const release = (): void => {
      transactions.releaseConnection(connectionId);
      cursors.releaseConnection(connectionId);
    };
    sockets.add(socket);
    serveConnection(socket, async (request) => {
      const reply = await runCommand(request, connectionId);
      // The client left meanwhile: what the command has just opened belongs to nobody.
      if (socket.destroyed) release();
      return reply;
    });
    socket.on('close', () => {
      sockets.delete(socket);
      release();
    });
  });

  return {
    url: `mongodb://${address}/?replicaSet=${REPLICA_SET}`,
    async close() {
      await closeServer(server, sockets);
      cursors.close();
      transactions.close();
      await database.close();
    },
  };
}

async function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}
