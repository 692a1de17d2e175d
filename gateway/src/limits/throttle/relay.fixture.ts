import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and the test's Redis, so that a test can take Redis away from one client alone. */
export interface Relay {
  readonly url: string;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Keeps connections and passes nothing on. */
  freeze(): void;
  heal(): Promise<void>;
}

export async function openRelay(target: string): Promise<Relay> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isFrozen = false;
  let server: Server;
  let ownPort = 0;

  const listen = (): Promise<void> => {
    server = createServer((client) => {
      const upstream = connect(Number(port), hostname);
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        sockets.add(from);
        from.on('data', (chunk) => {
          if (!isFrozen) to.write(chunk);
        });
        from.on('error', () => to.destroy());
        from.on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
      }
    });
    return new Promise((resolve) => {
      server.listen(ownPort, '127.0.0.1', () => {
        const address = server.address();
        if (typeof address === 'object' && address) ownPort = address.port;
        resolve();
      });
    });
  };
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });

  await listen();
  return {
    url: `redis://127.0.0.1:${ownPort}`,
    cut,
    freeze() {
      isFrozen = true;
    },
    async heal() {
      isFrozen = false;
      // What was swallowed would be missing in the middle of a conversation.
      if (server.listening) await cut();
      await listen();
    },
  };
}
