import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@vitrine/platform/logger';
import type { Closable } from '@vitrine/platform/shutdown';
import { CloseCode, handleProtocols, type makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { openSockets } from '../observation.ts';
import type { SocketExtra } from './live-protocol.ts';

const MAX_MESSAGE_BYTES = 1024 * 1024;
/** What the kernel and we hold back for a client that does not read; beyond it, it is let go. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
const PING_MS = 12_000;

/** Accepts WebSockets at `/graphql` and lets `protocol` talk on them. */
export function serveSockets(
  server: Server,
  protocol: ReturnType<typeof makeServer<Record<string, unknown>, SocketExtra>>,
  logger: Logger,
): Closable {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols,
  });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // `http` has let go of the socket: an error that nobody hears would end the process.
    socket.on('error', (error) => logger.debug({ err: error }, 'upgrade failed'));
    // Not by `new URL`, which throws for what anybody may send, such as `//`.
    if (request.url?.split('?')[0] !== '/graphql') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => talk(opened, request));
  };
  server.on('upgrade', upgrade);

  const talk = (socket: WebSocket, request: IncomingMessage): void => {
    openSockets.inc();
    const stopPinging = keepAlive(socket);
    const broken = (error: unknown): void => {
      logger.warn({ err: error }, 'socket failed');
      socket.close(CloseCode.InternalServerError, 'Internal server error');
    };
    socket.on('error', (error) => logger.debug({ err: error }, 'socket error'));
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => send(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) =>
          socket.on('message', (data) => {
            receive(String(data)).catch(broken);
          }),
      },
      { request, refuse: (code, reason) => socket.close(code, reason) },
    );
    socket.once('close', (code, reason) => {
      openSockets.dec();
      stopPinging();
      closed(code, String(reason)).catch(broken);
    });
  };

  return {
    close: async () => {
      server.off('upgrade', upgrade);
      const gone = [...sockets.clients].map(
        (client) => new Promise((resolve) => client.once('close', resolve)),
      );
      for (const client of sockets.clients) client.close(1001, 'Going away');
      await Promise.race([Promise.all(gone), patience()]);
      for (const client of sockets.clients) client.terminate();
    },
  };
}

/** Resolves when the data are written, so that a subscription waits for its client. */
function send(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
    socket.close(1013, 'You read too slowly');
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    // An error here means that the socket is closing; its `close` event tells everybody else.
    socket.send(data, () => resolve());
  });
}

/** Finds clients that vanished without closing. */
function keepAlive(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) {
      socket.terminate();
      return;
    }
    isAlive = false;
    socket.ping();
  }, PING_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** How long closing clients may take to answer. */
const patience = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 1_000).unref();
  });
