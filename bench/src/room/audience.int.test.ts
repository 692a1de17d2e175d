import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { gather } from './audience.ts';

type Server = (socket: WebSocket, id: string) => void;

/** A server that acknowledges every socket and answers its subscription as the test says. */
async function served(answer: Server): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  server.on('connection', (socket) => {
    socket.on('message', (text) => {
      const { type, id } = JSON.parse(String(text));
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      else answer(socket, id);
    });
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens at a port
}

const payload = { query: 'subscription { events }', variables: {} };
const next = (socket: WebSocket, text: string) =>
  socket.send(JSON.stringify({ id: '1', type: 'next', payload: { data: { text } } }));

async function anAudience(answer: Server) {
  const audience = await gather({ url: await served(answer), size: 3, payload, patienceMs: 200 });
  onTestFinished(() => audience.close());
  return audience;
}

test('everybody has heard when each socket has what is counted, and of nothing else', async () => {
  const sockets: WebSocket[] = [];
  const audience = await anAudience((socket) => sockets.push(socket));
  await expect.poll(() => sockets).toHaveLength(3);

  let isHeard = false;
  const heard = audience.all('mark', 2).then(() => {
    isHeard = true;
  });
  for (const socket of sockets) for (const text of ['mark 1', 'other']) next(socket, text);
  await new Promise((resolve) => setImmediate(resolve));
  expect(isHeard).toBe(false);
  for (const socket of sockets) next(socket, 'mark 2');
  await heard;
});

test.for<readonly [string, Server, string]>([
  [
    'is refused',
    (socket, id) =>
      socket.send(JSON.stringify({ id, type: 'error', payload: [{ message: 'THROTTLED' }] })),
    'THROTTLED',
  ],
  ['is closed', (socket) => socket.close(1013, 'Too many'), '1013 Too many'],
  ['hears nothing', () => {}, '3 of 3 messages never came'],
])(
  'an audience of which one %s fails with the reason instead of waiting',
  async ([, answer, reason]) => {
    const audience = await anAudience(answer);
    await expect(audience.all('mark', 1)).rejects.toThrow(reason);
  },
);
