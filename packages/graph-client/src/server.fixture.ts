import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, type ExecutionArgs, execute, parse, subscribe } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

/** A small graph of a test's own, over HTTP, WebSocket and server-sent events. */
export interface SmallGraph {
  readonly url: string;
  /** Connections and operations as they came, such as `ws bearer abc` and `http`. */
  readonly log: readonly string[];
  /** Streams that have been started and not ended. */
  openStreams(): number;
  close(): Promise<void>;
}

const schema = buildSchema(`
  type Query { hello(name: String!): String!  token: String  broken: String }
  type Subscription { count(to: Int!): Int!  clock: Int!  flawed: Int! }
`);

export async function startSmallGraph(): Promise<SmallGraph> {
  const log: string[] = [];
  const documents = new Map<string, string>();
  let open = 0;

  /** Counts up to `to`, or for ever, and knows when nobody listens any more. */
  async function* counting(field: string, to = Number.POSITIVE_INFINITY, pauseMs = 0) {
    open += 1;
    try {
      for (let n = 1; n <= to; n += 1) {
        yield { [field]: n };
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    } finally {
      open -= 1;
    }
  }
  const queries = (token: string | undefined) => ({
    hello: ({ name }: { readonly name: string }) => `hello ${name}`,
    token: token ?? null,
    broken: () => {
      throw new Error('it broke');
    },
  });
  const subscriptions = {
    count: ({ to }: { readonly to: number }) => counting('count', to),
    clock: () => counting('clock', undefined, 5),
    // A second event that lacks what its type promises.
    async *flawed() {
      yield { flawed: 1 };
      yield { flawed: null };
    },
  };

  const sse = createHandler({
    schema,
    // Typed wider than graphql's own, which it hands them to.
    subscribe: (args) => subscribe({ ...(args as ExecutionArgs), rootValue: subscriptions }),
  });
  const http = createServer(async (request, response) => {
    const { authorization, accept = '' } = request.headers;
    if (accept.includes('text/event-stream')) {
      log.push(`sse ${authorization ?? 'guest'}`);
      return sse(request, response);
    }
    if (request.headers['x-broken-proxy']) {
      response.writeHead(502, { 'content-type': 'text/html' });
      return response.end('<h1>Bad gateway</h1>');
    }
    const chunks = await request.toArray();
    const { query: sent, variables, extensions } = JSON.parse(Buffer.concat(chunks).toString());
    const hash: string | undefined = extensions?.persistedQuery?.sha256Hash;
    if (hash) log.push(`hash${sent ? ' and text' : ''}`);
    if (hash && sent) documents.set(hash, sent);
    const query = sent ?? documents.get(hash ?? '');
    if (query === undefined) {
      const code = 'PERSISTED_QUERY_NOT_FOUND';
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify({ errors: [{ message: code, extensions: { code } }] }));
    }
    const result = await execute({
      schema,
      document: parse(query),
      variableValues: variables,
      rootValue: queries(authorization),
    });
    response.writeHead(result.data ? 200 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify(result));
  });
  const sockets = new WebSocketServer({ server: http });
  const ws = useServer(
    {
      schema,
      roots: { subscription: subscriptions },
      onConnect: ({ connectionParams }) => {
        log.push(`ws ${connectionParams?.['authorization'] ?? 'guest'}`);
        return connectionParams?.['authorization'] !== 'Bearer forged';
      },
    },
    sockets,
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    // A TCP server has an address with a port.
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
    log,
    openStreams: () => open,
    async close() {
      await ws.dispose();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
