import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { SyntheticSubgraph } from './graph/synthetic-subgraph.ts';

/**
 * Serves a subgraph at `/graphql` over HTTP and WebSocket as cheaply as JavaScript can (documents
 * compiled once, no framework), so that what is measured is the gateway in front of it.
 */
export async function serveSynthetic({ schema, typeDefs }: SyntheticSubgraph): Promise<string> {
  const compiled = new Map<string, CompiledQuery>();
  const queryOf = (document: string): CompiledQuery => {
    const known = compiled.get(document);
    if (known) return known;
    const fresh = compileQuery(schema, parse(document));
    if (!isCompiledQuery(fresh)) throw new Error(JSON.stringify(fresh));
    compiled.set(document, fresh);
    return fresh;
  };

  const server = createServer(async (request, response) => {
    try {
      // The document, for gateways that ask a subgraph what it is.
      const { query, variables } = await bodyOf(request);
      const result = query.includes('_service')
        ? { data: { _service: { sdl: typeDefs } } }
        : await queryOf(query).query({}, {}, variables ?? {});
      const text = JSON.stringify(result);
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  // A gateway's pool keeps its connections; a server that closed them would be measured too.
  server.keepAliveTimeout = 600_000;
  useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  return `http://127.0.0.1:${port}/graphql`;
}

interface Body {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()) as Body; // what a gateway sends
}
