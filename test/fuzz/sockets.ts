import { once } from 'node:events';
import type { Random } from '@vitrine/demo/world/random';
import type { GraphQLSchema } from 'graphql';
import { WebSocket } from 'ws';
import { corrupted } from './corruptions.ts';
import { operationOf } from './documents.ts';
import type { KnownIds } from './values.ts';

const MOST_MS = 2_000;

/** Talks nonsense in `graphql-transport-ws` on a socket of its own, and leaves in one of several ways. */
export async function babble(
  url: string,
  schema: GraphQLSchema,
  random: Random,
  ids: KnownIds,
): Promise<void> {
  const protocols = random.pick([['graphql-transport-ws'], ['graphql-ws'], ['nonsense'], []]);
  const socket = new WebSocket(url, protocols);
  // A refused handshake or a reset is an answer like any other; the gateway's health is asked after it.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const opened = once(socket, 'open').then(
    () => true,
    () => false,
  );
  if (!(await opened)) return;
  for (let count = random.between(1, 12); count > 0; count -= 1) {
    if (socket.readyState !== socket.OPEN) break;
    const isBinary = random.chance(0.1);
    const message = messageOf(schema, random, ids);
    socket.send(isBinary ? Buffer.from(message) : message.toWellFormed(), { binary: isBinary });
  }
  if (random.chance(0.3)) socket.terminate();
  else if (random.chance(0.5)) socket.close(random.pick([1000, 1001, 3000, 4400, 4999]), 'bye');
  else socket.close();
  const limit = setTimeout(() => socket.terminate(), MOST_MS);
  await closed;
  clearTimeout(limit);
}

function messageOf(schema: GraphQLSchema, random: Random, ids: KnownIds): string {
  const id = random.pick(['1', '1', '2', '', 'x'.repeat(5_000)]);
  const payload = operationOf(schema, random, ids);
  const messages: readonly (() => unknown)[] = [
    () => ({ type: 'connection_init', payload: {} }),
    () => ({
      type: 'connection_init',
      payload: { authorization: random.pick(['Bearer x', 5, null]) },
    }),
    () => ({ type: 'subscribe', id, payload }),
    () => ({ type: 'subscribe', id, payload: { query: subscriptionOf(random, ids) } }),
    () => ({ type: 'subscribe', id, payload: { query: corrupted(payload.query, random) } }),
    () => ({ type: 'subscribe', payload }),
    () => ({ type: 'complete', id }),
    () => ({ type: 'ping', payload: { authorization: 'Bearer x' } }),
    () => ({ type: 'pong' }),
    () => ({ type: 'next', id, payload: {} }),
    () => ({ type: random.pick(['connection_ack', 'start', 'stop', '', 'constructor']) }),
    () => [],
    () => null,
  ];
  const text = JSON.stringify(random.pick(messages)());
  return random.chance(0.1) ? corrupted(text, random) : text;
}

const subscriptionOf = (random: Random, ids: KnownIds): string =>
  `subscription { liveRoomEvents(roomId: "${ids.pick(random)}"${random.pick([
    '',
    ', resumeAfter: "0"',
    ', resumeAfter: "nonsense"',
  ])}) { __typename } }`;
