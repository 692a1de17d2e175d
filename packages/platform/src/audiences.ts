import type { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';

const audiencePing = z.object({
  type: z.literal('ping'),
  payload: z.object({ audience: z.int().min(0) }),
});

/** A gateway's messages have a few hundred bytes at most here; what is longer is none of these. */
const MAX_LENGTH = 200;

/**
 * How many clients a gateway says are behind a connection: the payload of a `ping` carries it, since
 * one subscription here stands for all who ask the gateway for the same. One until it says so.
 */
export function audiences(server: WebSocketServer): (socket: object) => () => number {
  const counts = new WeakMap<object, number>();
  server.on('connection', (socket: WebSocket) => {
    socket.on('message', (data) => {
      const text = String(data);
      if (text.length > MAX_LENGTH || !text.includes('"audience"')) return;
      const count = readAudience(text);
      if (count !== null) counts.set(socket, count);
    });
  });
  return (socket) => () => counts.get(socket) ?? 1;
}

/** Null for any other message. */
export function readAudience(text: string): number | null {
  try {
    return audiencePing.safeParse(JSON.parse(text)).data?.payload.audience ?? null;
  } catch {
    return null;
  }
}
