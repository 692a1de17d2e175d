import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Env } from './env.ts';
import { metrics } from './metrics.ts';
import { METRICS_REFUSED, mayReadMetrics } from './metrics-access.ts';
import type { Closable } from './shutdown.ts';

export interface MetricsServer extends Closable {
  readonly port: number;
}

/**
 * `/metrics` and `/healthz` of a process that serves nothing else: a worker. Null where no
 * `METRICS_PORT` is set. Throws where the port is taken.
 */
export async function serveMetrics(
  env: Pick<Env, 'HOST' | 'METRICS_PORT' | 'METRICS_TOKEN'>,
): Promise<MetricsServer | null> {
  if (env.METRICS_PORT === undefined) return null;
  const server = createServer((request, response) => {
    answer(request, response, env).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(env.METRICS_PORT, env.HOST, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : env.METRICS_PORT,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  env: Pick<Env, 'METRICS_TOKEN'>,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://worker');
  if (request.method !== 'GET') return json(response, 405, { status: 'GET only' });
  if (pathname === '/healthz') return json(response, 200, { status: 'ok' });
  if (pathname !== '/metrics') return json(response, 404, { status: 'nothing here' });
  const { headers, socket } = request;
  if (!mayReadMetrics({ address: socket.remoteAddress, headers }, env)) {
    return json(response, 403, METRICS_REFUSED);
  }
  const text = await metrics.metrics();
  response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
