import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { viewerSigner } from '@vitrine/platform/viewer';
import { onTestFinished } from 'vitest';
import { silent } from '../../test/small-graph.ts';
import type { SubgraphAnswer, SubgraphSource } from '../execution/source.ts';
import { type RemoteSubgraph, remoteSource, type Timeouts } from './remote-source.ts';
import { viewerHeaders } from './viewer-headers.ts';

export const signer = viewerSigner('a-secret-of-at-least-thirty-two-characters');
export const quick: Timeouts = { connect: 500, headers: 300, body: 300 };
export const query = { document: '{ shop }', variables: {} };
export const mutation = { document: 'mutation { open }', variables: {} };

export async function listen(handler: RequestListener, port = 0): Promise<Server> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => stop(server));
  return server;
}

export const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

export const portOf = (server: Server): number => (server.address() as AddressInfo).port; // listens on TCP

export function sourceAt(port: number, given: Partial<RemoteSubgraph> = {}): SubgraphSource {
  const source = remoteSource({
    name: 'shops',
    url: `http://127.0.0.1:${port}/graphql`,
    viewerHeaders: viewerHeaders(signer),
    logger: silent,
    timeouts: quick,
    ...given,
  });
  onTestFinished(() => source.close());
  return source;
}

export async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const part of request) text += String(part);
  return JSON.parse(text);
}

export const answering =
  (answer: unknown, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  };

export const codeOf = ({ errors }: SubgraphAnswer): unknown => errors?.[0]?.extensions?.['code'];
