import { once } from 'node:events';
import type { Socket } from 'node:net';
import { BSON } from 'bson';
import type { Reply } from '../commands/command.ts';
import { encodeReply, parseRequest, type Request } from './message.ts';
import { createMessageReader } from './message-reader.ts';

/** Requests read ahead of the one being answered before the socket is paused. */
const READ_AHEAD = 8;

/**
 * Answers a client's requests in the order they came: an unacknowledged write must have taken
 * effect before the read sent after it. Whoever sends faster than it is answered, or does not read
 * its answers, is read from no further.
 */
export function serveConnection(
  socket: Socket,
  answer: (request: Request) => Promise<Reply>,
): void {
  const readMessages = createMessageReader();
  const waiting: Buffer[] = [];
  let isAnswering = false;

  const answerWaiting = async (): Promise<void> => {
    for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
      if (waiting.length < READ_AHEAD) socket.resume();
      const request = parseRequest(message);
      const reply = await answer(request);
      if (socket.destroyed) return;
      if (request.expectsReply) await send(socket, request, reply);
    }
  };

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    try {
      waiting.push(...readMessages(chunk));
    } catch (error) {
      // The end of this message is unknown, so what follows cannot be read either.
      socket.destroy(error instanceof Error ? error : undefined);
      return;
    }
    if (waiting.length >= READ_AHEAD) socket.pause();
    if (isAnswering) return;
    isAnswering = true;
    answerWaiting()
      .catch((error) => socket.destroy(error))
      .finally(() => {
        isAnswering = false;
      });
  });
}

async function send(socket: Socket, request: Request, reply: Reply): Promise<void> {
  const body = Buffer.isBuffer(reply) ? reply : BSON.serialize(reply, { ignoreUndefined: true });
  socket.cork();
  for (const part of encodeReply(request, body)) socket.write(part);
  socket.uncork();
  if (!socket.writableNeedDrain) return;
  const left = new AbortController();
  await Promise.race([
    once(socket, 'drain', { signal: left.signal }),
    once(socket, 'close', { signal: left.signal }),
  ]).finally(() => left.abort());
}
