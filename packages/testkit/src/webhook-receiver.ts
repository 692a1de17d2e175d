import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that reached an endpoint of webhooks. */
export interface ReceivedMessage {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As it came, byte by byte: what a signature is about. */
  readonly body: string;
}

/** A real HTTP server that keeps what webhooks send it. */
export interface WebhookReceiver {
  /** Such as `http://127.0.0.1:49152`. */
  readonly url: string;
  readonly received: ReceivedMessage[];
  stop(): Promise<void>;
}

/**
 * `answer` says what a request gets: a status, or whatever it writes itself, such as nothing at all.
 * 204 without it.
 */
export async function startReceiver(
  answer: (
    message: ReceivedMessage,
    response: ServerResponse,
  ) => number | null | Promise<number | null> = () => 204,
  port = 0,
): Promise<WebhookReceiver> {
  const received: ReceivedMessage[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then(
      async (body) => {
        const message = {
          path: request.url ?? '/',
          headers: Object.fromEntries(
            Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
          ),
          body,
        };
        received.push(message);
        const status = await answer(message, response);
        if (status !== null) response.writeHead(status).end();
      },
      // Whoever asks may break off while it is killed.
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo; // it listens on a port, not on a path
  return {
    url: `http://127.0.0.1:${own}`,
    received,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set, so bytes
  return Buffer.concat(chunks).toString('utf8');
}
