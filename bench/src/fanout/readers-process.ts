import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { clientFrame, type FrameCounter, frameCounter, PONG } from './frames.ts';
import type { ReadersAnswer, ReadersOrder } from './messages.ts';

/*
 * Sockets that only count what they receive. They speak WebSocket just enough to be served, since a
 * client library would cost more than the server that is measured.
 */
const OPENING_AT_ONCE = 50;
const say = (answer: ReadersAnswer): void => void process.send?.(answer);

let isMeasuring = false;
let frames = 0;
let sockets = 0;

process.on('message', async (order: ReadersOrder) => {
  if (order === 'reset') {
    frames = 0;
    return say('done');
  }
  for (let at = 0; at < order.sockets; at += OPENING_AT_ONCE) {
    const count = Math.min(OPENING_AT_ONCE, order.sockets - at);
    await Promise.all(Array.from({ length: count }, () => open(order)));
  }
  sockets = order.sockets;
  isMeasuring = true;
  say('done');
});
process.on('disconnect', () => process.exit());

async function open({ url, query }: Exclude<ReadersOrder, 'reset'>): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
      'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  const head = await upgraded(socket);
  if (!head.startsWith('HTTP/1.1 101')) throw new Error(`no WebSocket: ${head}`);
  const counter = frameCounter(() => void socket.write(PONG));
  const { promise: acknowledged, resolve: onAcknowledged } = Promise.withResolvers<void>();
  socket.on('data', (chunk: Buffer) => {
    const received = counter.count(chunk);
    if (isMeasuring) counted(received, counter);
    else if (received > 0) onAcknowledged();
  });
  socket.on('close', () => {
    throw new Error('the server closed a socket');
  });
  if (query === undefined) return;
  socket.write(clientFrame('{"type":"connection_init"}'));
  await acknowledged;
  socket.write(
    clientFrame(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query } })),
  );
}

async function upgraded(socket: Socket): Promise<string> {
  const [head] = await once(socket, 'data');
  return String(head);
}

/** Tells the driver each time that the sockets together have one event more. */
function counted(received: number, { lastBytes }: FrameCounter): void {
  const before = Math.floor(frames / sockets);
  frames += received;
  const events = Math.floor(frames / sockets);
  if (events > before) say({ events, bytes: lastBytes });
}
say('done');
