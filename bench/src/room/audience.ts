import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Many sockets with one and the same subscription. */
export interface Audience {
  /**
   * Resolves when every socket has received `count` more messages that hold the mark. Rejects when
   * one of them is refused or closed, or when none hears of it for as long as `patienceMs`.
   */
  all(mark: string, count: number): Promise<void>;
  close(): void;
}

export interface AudienceOptions {
  /** Such as `ws://localhost:4000/graphql`. */
  readonly url: string;
  readonly size: number;
  readonly payload: { readonly query: string; readonly variables: object };
  readonly patienceMs: number;
}

const OPENING_AT_ONCE = 100;

/** Speaks just enough `graphql-transport-ws` to count: messages are looked through, never parsed. */
export async function gather({
  url,
  size,
  payload,
  patienceMs,
}: AudienceOptions): Promise<Audience> {
  const sockets: WebSocket[] = [];
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>();
  // Told to whoever waits; that nobody does at the moment is no reason to end the process.
  broken.catch(() => {});
  let waiting: { readonly mark: Buffer; left: number; readonly done: () => void } | null = null;
  let isClosing = false;
  const fail = (reason: string): void => {
    if (!isClosing) breakOff(new Error(reason));
  };

  const hear = (socket: WebSocket, id: string, message: Buffer): void => {
    if (message.includes('"type":"next"')) {
      if (!waiting?.left || !message.includes(waiting.mark)) return;
      waiting.left -= 1;
      if (waiting.left === 0) waiting.done();
    } else if (message.includes('"type":"connection_ack"')) {
      socket.send(JSON.stringify({ id, type: 'subscribe', payload }));
    } else {
      fail(`a socket was told ${String(message).slice(0, 500)}`);
    }
  };

  const open = async (id: string): Promise<void> => {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    sockets.push(socket);
    socket.on('message', (message: Buffer) => hear(socket, id, message));
    socket.on('error', ({ message }) => fail(`a socket failed: ${message}`));
    socket.on('close', (code, reason) => fail(`a socket was closed: ${code} ${reason}`));
    await Promise.race([once(socket, 'open'), broken]);
    socket.send(JSON.stringify({ type: 'connection_init' }));
  };

  for (let at = 0; at < size; at += OPENING_AT_ONCE) {
    const count = Math.min(OPENING_AT_ONCE, size - at);
    await Promise.all(Array.from({ length: count }, (_, index) => open(String(at + index))));
  }

  return {
    async all(mark, count) {
      const { promise: arrived, resolve: done } = Promise.withResolvers<void>();
      const own = { mark: Buffer.from(mark), left: count * size, done };
      waiting = own;
      let before = own.left;
      const impatience = setInterval(() => {
        if (own.left === before) fail(`${own.left} of ${count * size} messages never came`);
        before = own.left;
      }, patienceMs);
      try {
        await Promise.race([arrived, broken]);
      } finally {
        clearInterval(impatience);
      }
    },
    close() {
      isClosing = true;
      for (const socket of sockets) socket.terminate();
    },
  };
}
