import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { gatewayError } from '../errors.ts';
import { subscribeRemotely } from './remote-subscription.ts';

const AWAY = { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } };

function subscribeAt(port: number, pingMs = 10_000) {
  const stream = subscribeRemotely({
    url: `ws://127.0.0.1:${port}/graphql`,
    request: { document: 'subscription { ticks }', variables: {} },
    connectionParams: {},
    answerMs: 200,
    pingMs,
    awayError: () => gatewayError('SUBGRAPH_UNAVAILABLE', 'The social service is not available.'),
    shown: (error) => error,
  });
  onTestFinished(async () => void (await stream.return()));
  return stream;
}

interface Behaviour {
  /** What it never answers. */
  readonly ignores?: 'connection_init' | 'ping';
  readonly onSubscribe?: (tell: (message: object) => void) => void;
}

/** A subgraph server that behaves as a test says. */
async function aSubgraph({ ignores, onSubscribe }: Behaviour) {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: () => 'graphql-transport-ws',
  });
  const hear = (socket: WebSocket, { type, id }: { type: string; id?: string }) => {
    const tell = (message: object) => socket.send(JSON.stringify({ ...message, id }));
    if (type === ignores) return;
    if (type === 'connection_init') tell({ type: 'connection_ack' });
    if (type === 'ping') tell({ type: 'pong' });
    if (type === 'subscribe') onSubscribe?.(tell);
  };
  server.on('connection', (socket) => {
    socket.on('message', (data) => hear(socket, JSON.parse(String(data))));
  });
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // listens on TCP
  return { port, server };
}

test('a subgraph that takes the connection and says nothing is away', async () => {
  const mute = createServer();
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void mute.close());
  const { port } = mute.address() as AddressInfo; // listens on TCP
  await expect(subscribeAt(port).next()).rejects.toMatchObject(AWAY);
});

test('a subgraph that never accepts the subscription is away', async () => {
  const { port } = await aSubgraph({ ignores: 'connection_init' });
  await expect(subscribeAt(port).next()).rejects.toMatchObject(AWAY);
});

test('a subgraph that vanished without closing is found out after what it had told', async () => {
  const { port } = await aSubgraph({
    ignores: 'ping',
    onSubscribe: (tell) => tell({ type: 'next', payload: { data: { ticks: 1 } } }),
  });
  const stream = subscribeAt(port, 50);
  expect(await stream.next()).toEqual({ done: false, value: { data: { ticks: 1 } } });
  await expect(stream.next()).rejects.toMatchObject(AWAY);
});

const TICKS = 20_000;

test('a client far behind gets everything, in order, and is no reason to lose the subgraph', async () => {
  let told = 0;
  const { port } = await aSubgraph({
    onSubscribe(tell) {
      for (; told < TICKS; told += 1) tell({ type: 'next', payload: { data: { ticks: told } } });
      tell({ type: 'complete' });
    },
  });
  const stream = subscribeAt(port, 20);
  await expect.poll(() => told).toBe(TICKS);
  const seen: unknown[] = [];
  for await (const { data } of stream) {
    seen.push(data?.['ticks']);
    // A turn of the loop, so that whatever has come is taken in before the next is read.
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(seen).toEqual(Array.from({ length: TICKS }, (_, at) => at));
});

test('leaving while the subgraph is held back closes the connection', async () => {
  const { port, server } = await aSubgraph({
    onSubscribe(tell) {
      for (let at = 0; at < TICKS; at += 1)
        tell({ type: 'next', payload: { data: { ticks: at } } });
    },
  });
  const stream = subscribeAt(port);
  expect(await stream.next()).toEqual({ done: false, value: { data: { ticks: 0 } } });
  await stream.return();
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  await expect.poll(() => server.clients.size).toBe(0);
});
