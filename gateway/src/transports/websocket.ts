import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@vitrine/platform/logger';
import type { Closable } from '@vitrine/platform/shutdown';
import { type WebSocket, WebSocketServer } from 'ws';
import { type LoadShedder, shedUpgrade } from '../limits/load-shedding.ts';
import { openSockets } from '../observation.ts';
import { type AudienceName, audienceNames } from '../requests/audience.ts';
import type { ClientAddress } from './client-address.ts';
import type { ConnectionCount, LiveLimits } from './live-limits.ts';
import { type LiveConnection, type LiveSocket, SUBPROTOCOL } from './live-protocol.ts';

const PING_MS = 12_000;
/** How long closing clients may take to answer. */
const PATIENCE_MS = 1_000;

export interface SocketServer {
  readonly server: Server;
  readonly connect: (socket: LiveSocket) => LiveConnection;
  readonly count: ConnectionCount;
  readonly limits: LiveLimits;
  /** Over how long clients are told to connect elsewhere, so that not all do at once. */
  readonly drainMs: number;
  readonly shedder: LoadShedder;
  readonly logger: Logger;
  readonly addressOf: ClientAddress;
}

/** Accepts WebSockets at `/graphql` and `/graphql/<audience>`. */
export function serveSockets(parts: SocketServer): Closable {
  const { server, connect, count, limits, drainMs, shedder, logger, addressOf } = parts;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    // Frames are written past the library's sender, which is right while nothing is compressed.
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  let isDraining = false;

  const upgrade = (request: IncomingMessage, raw: Duplex, head: Buffer): void => {
    // `http` has let go of the socket: an error that nobody hears would end the process.
    raw.on('error', (error) => logger.debug({ err: error }, 'upgrade failed'));
    if (shedUpgrade(raw, shedder)) return;
    const audience = audienceOf(request.url);
    if (!audience) {
      refuse(raw, '404 Not Found');
      return;
    }
    const leave = isDraining ? null : count.enter();
    if (!leave) {
      refuse(raw, '503 Service Unavailable');
      return;
    }
    raw.once('close', leave);
    sockets.handleUpgrade(request, raw, head, (opened) => talk(opened, raw, request, audience));
  };
  server.on('upgrade', upgrade);

  const talk = (
    socket: WebSocket,
    raw: Duplex,
    request: IncomingMessage,
    audience: AudienceName,
  ): void => {
    openSockets.inc();
    const stopPinging = keepAlive(socket);
    socket.on('error', (error) => logger.debug({ err: error }, 'socket error'));
    const connection = connect({
      request,
      audience,
      address: addressOf(request),
      send: (text) => socket.send(text),
      writeFrame(frame) {
        if (socket.readyState === socket.OPEN) raw.write(frame);
      },
      waiting: () => raw.writableLength,
      close: (code, reason) => socket.close(code, reason),
    });
    raw.on('drain', connection.drained);
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        socket.close(4400, 'Invalid message received');
        return;
      }
      connection.receive(String(data)).catch((error: unknown) => {
        logger.warn({ err: error }, 'socket failed');
        socket.close(4500, 'Internal server error');
      });
    });
    socket.once('close', () => {
      openSockets.dec();
      stopPinging();
      connection.closed();
    });
    if (socket.protocol !== SUBPROTOCOL) socket.close(4406, 'Subprotocol not acceptable');
  };

  return {
    async close() {
      isDraining = true;
      const clients = [...sockets.clients];
      const gone = clients.map((client) => new Promise((resolve) => client.once('close', resolve)));
      await spread(clients, drainMs, (client) => client.close(1012, 'Service restart'));
      await Promise.race([Promise.all(gone), delay(PATIENCE_MS)]);
      server.off('upgrade', upgrade);
      for (const client of sockets.clients) client.terminate();
    },
  };
}

/** The audience of an address, or null. Not by `new URL`, which throws for what anybody may send, such as `//`. */
function audienceOf(url = ''): AudienceName | null {
  const path = url.split('?')[0];
  return (
    audienceNames.find((name) => path === (name === 'public' ? '/graphql' : `/graphql/${name}`)) ??
    null
  );
}

const refuse = (raw: Duplex, status: string): void =>
  void raw.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);

/** Does it for each, one after the other, evenly over the time. */
export async function spread<Item>(
  items: readonly Item[],
  ms: number,
  run: (item: Item) => void,
): Promise<void> {
  const start = performance.now();
  for (const [index, item] of items.entries()) {
    const due = (index / items.length) * ms - (performance.now() - start);
    if (due >= 1) await delay(due);
    run(item);
  }
}

const delay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

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
