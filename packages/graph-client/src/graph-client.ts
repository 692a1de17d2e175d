import { hash } from 'node:crypto';
import type { ExecutionResult } from 'graphql';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient, type Client as WsClient } from 'graphql-ws';
import { Agent, request } from 'undici';
import { WebSocket } from 'ws';

/** Loose on purpose: whoever writes the operation knows its shape. */
// biome-ignore lint/suspicious/noExplicitAny: the data of any operation
export type Data = Record<string, any>;

export interface GraphResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly data: Data | null;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: { readonly code?: string } & Data;
  }[];
}

/** A running subscription; `next` waits for the following event, `return` ends it. */
export interface GraphStream extends AsyncIterableIterator<Data> {
  return(): Promise<IteratorResult<Data>>;
}

export interface GraphClient {
  /** The endpoint, such as `http://localhost:4000/graphql`. */
  readonly url: string;
  /** Sends an operation over HTTP and answers whatever came back, errors included. */
  send(
    document: string,
    variables?: Data,
    headers?: Readonly<Record<string, string>>,
  ): Promise<GraphResponse>;
  /** Sends an operation and answers its data; throws an `Error` that names the first error. */
  run(document: string, variables?: Data): Promise<Data>;
  /** Subscribes over WebSocket; throws what the server refuses with. */
  subscribe(document: string, variables?: Data): GraphStream;
  /** Subscribes over server-sent events. */
  subscribeSse(document: string, variables?: Data): GraphStream;
  /** Cuts the WebSocket as a lost network would. */
  cut(): void;
  /** Ends its streams and connections; once is enough, twice does no harm. */
  close(): Promise<void>;
}

export interface GraphClientOptions {
  readonly url: string;
  /** An access token; a guest without. */
  readonly token?: string | undefined;
  /** Connects the WebSocket again after it was cut, so that streams go on. Off by default. */
  readonly retryAttempts?: number;
  /**
   * Over HTTP, sends the hash of a document in its place, and the text beside it where the server
   * does not know the hash: a few hundred bytes less a request, and all that a server with trusted
   * documents needs. Off by default.
   */
  readonly sendsHashes?: boolean;
}

/** A client of the public graph over HTTP, WebSocket and server-sent events. */
export function createGraphClient({
  url,
  token,
  retryAttempts = 0,
  sendsHashes = false,
}: GraphClientOptions): GraphClient {
  const agent = new Agent({ keepAliveTimeout: 10_000, connections: 64 });
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  let socket: WebSocket | undefined;
  let ws: WsClient | undefined;
  const sse = new Set<() => void>();

  const openWs = (): WsClient => {
    ws ??= createWsClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: authorization,
      lazy: true,
      retryAttempts,
      on: {
        opened(opened) {
          socket = opened as WebSocket; // made by the `webSocketImpl` above
        },
      },
    });
    return ws;
  };

  async function post(
    body: object,
    headers: Readonly<Record<string, string>>,
  ): Promise<GraphResponse> {
    const response = await request(url, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', ...authorization, ...headers },
      body: JSON.stringify(body),
    });
    const result = resultOf(await response.body.text(), `${url} answered ${response.statusCode}`);
    return {
      status: response.statusCode,
      headers: response.headers,
      data: result.data ?? null,
      errors: (result.errors ?? []) as unknown as GraphResponse['errors'],
    };
  }

  async function send(
    document: string,
    variables: Data = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<GraphResponse> {
    if (!sendsHashes) return post({ query: document, variables }, headers);
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash('sha256', document) } };
    const response = await post({ variables, extensions }, headers);
    const isUnknown = response.errors[0]?.extensions?.code === 'PERSISTED_QUERY_NOT_FOUND';
    return isUnknown ? post({ query: document, variables, extensions }, headers) : response;
  }

  return {
    url,
    send,
    async run(document, variables) {
      const { data, errors } = await send(document, variables);
      const [first] = errors;
      if (first || !data) {
        throw new Error(
          `${first?.extensions?.code ?? 'NO_DATA'}: ${first?.message ?? 'no data'} (${(first?.path ?? []).join('.')})`,
        );
      }
      return data;
    },
    subscribe: (query, variables = {}) => streamOf(openWs().iterate({ query, variables })),
    subscribeSse(query, variables = {}) {
      const client = createSseClient({
        url,
        headers: authorization,
        retryAttempts,
        fetchFn: globalThis.fetch,
      });
      const dispose = () => {
        sse.delete(dispose);
        client.dispose();
      };
      sse.add(dispose);
      return streamOf(client.iterate({ query, variables }), dispose);
    },
    cut: () => socket?.terminate(),
    async close() {
      for (const dispose of sse) dispose();
      await ws?.dispose();
      if (!agent.closed) await agent.close();
    },
  };
}

/** A proxy or a wrong address answers with something else than a graph: said in so many words. */
function resultOf(text: string, who: string): ExecutionResult<Data> {
  try {
    // Whatever is JSON at a graph's endpoint is a GraphQL result.
    return JSON.parse(text) as ExecutionResult<Data>;
  } catch {
    throw new Error(`${who} and no JSON: ${text.slice(0, 200)}`);
  }
}

/** A stream of data: an event that carries errors is thrown. */
function streamOf(
  source: AsyncIterableIterator<{ readonly data?: unknown; readonly errors?: unknown }>,
  dispose: () => void = () => {},
): GraphStream {
  const ended = { done: true, value: undefined } as const;
  return {
    async next() {
      const { done, value } = await source.next();
      if (done) return ended;
      if (value.errors)
        throw Object.assign(new Error(JSON.stringify(value.errors)), { errors: value.errors });
      return { done: false, value: (value.data ?? {}) as Data }; // the operation's own shape
    },
    async return() {
      await source.return?.();
      dispose();
      return ended;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
