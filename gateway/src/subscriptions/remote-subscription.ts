import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { createClient } from 'graphql-ws/client';
import { WebSocket } from 'ws';
import { gatewayError } from '../errors.ts';
import type { SubgraphAnswer, SubgraphRequest } from '../execution/source.ts';
import { mapStream, pushStream } from './streams.ts';

export interface RemoteSubscription {
  readonly url: string;
  readonly request: SubgraphRequest;
  readonly connectionParams: Readonly<Record<string, string>>;
  /** How long the subgraph may take to accept the connection, and to answer a ping. */
  readonly answerMs: number;
  readonly pingMs?: number;
  /** How many clients are behind it; the subgraph is told when that changes. */
  readonly audience?: () => number;
  readonly awayError: (error: unknown) => GraphQLError;
  readonly shown: (error: GraphQLFormattedError) => GraphQLFormattedError;
}

/**
 * Events of a remote subgraph that wait for their client. From `high` on the connection is not read
 * until only `low` are left, so that the subgraph waits and decides what a slow client is; what has
 * been received by then may still come, up to `most`.
 */
const WAITING = { low: 100, high: 500, most: 10_000 };

/** How often it is looked whether the audience has changed; as often as a room tells its totals. */
const AUDIENCE_MS = 250;

/**
 * Subscribes at a remote subgraph, over a connection of its own, since the signed viewer belongs to
 * the connection. It does not reconnect: what was missed meanwhile is known to the client's cursor
 * only, so the stream breaks with an error that names the subgraph and the client resumes.
 */
export function subscribeRemotely({
  url,
  request,
  connectionParams,
  answerMs,
  pingMs = 10_000,
  audience,
  awayError,
  shown,
}: RemoteSubscription): AsyncGenerator<SubgraphAnswer, void, void> {
  let socket: WebSocket | undefined;
  let waiting = 0;
  let isPaused = false;
  let isPinged = false;
  let patience: NodeJS.Timeout | undefined;

  /** A subgraph that vanished without closing never answers; one we do not read from cannot. */
  const watch = (): void => {
    clearTimeout(patience);
    if (isPinged && !isPaused) patience = setTimeout(() => client.terminate(), answerMs);
  };
  const pause = (paused: boolean): void => {
    if (paused === isPaused) return;
    isPaused = paused;
    if (paused) socket?.pause();
    else socket?.resume();
    watch();
  };

  let told = 1;
  let telling: NodeJS.Timeout | undefined;
  /** In the payload of a ping, which the protocol leaves to us; a subgraph that does not listen counts one. */
  const tellAudience = (): void => {
    const count = audience?.() ?? 1;
    if (count === told || socket?.readyState !== WebSocket.OPEN) return;
    told = count;
    socket.send(JSON.stringify({ type: 'ping', payload: { audience: count } }));
  };

  const client = createClient({
    url,
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { handshakeTimeout: answerMs });
      }
    },
    connectionParams: { ...connectionParams },
    connectionAckWaitTimeout: answerMs,
    retryAttempts: 0,
    keepAlive: pingMs,
    on: {
      opened: (opened) => {
        if (opened instanceof WebSocket) socket = opened;
      },
      connected: () => {
        if (!audience) return;
        tellAudience();
        telling = setInterval(tellAudience, AUDIENCE_MS);
        telling.unref();
      },
      ping: (isReceived) => {
        if (isReceived) return;
        isPinged = true;
        watch();
      },
      pong: () => {
        isPinged = false;
        watch();
      },
    },
  });
  let unsubscribe = (): void => {};
  const { stream, push, finish } = pushStream<SubgraphAnswer>(
    () => {
      isPinged = false;
      clearInterval(telling);
      watch();
      // A connection that is not read could not even be closed in order.
      pause(false);
      unsubscribe();
      void client.dispose();
    },
    {
      limit: WAITING.most,
      tooSlow: () => gatewayError('SLOW_CONSUMER', 'You read too slowly; resume from your cursor.'),
    },
  );
  const receive = (answer: SubgraphAnswer): void => {
    push(answer);
    waiting += 1;
    if (waiting >= WAITING.high) pause(true);
  };
  const isErrorList = (error: unknown): error is readonly GraphQLFormattedError[] =>
    Array.isArray(error);

  unsubscribe = client.subscribe<Record<string, unknown>>(
    {
      query: request.document,
      operationName: request.operationName ?? null,
      variables: { ...request.variables },
    },
    {
      next: ({ data, errors }) =>
        receive({
          ...(data === undefined ? {} : { data }),
          ...(errors ? { errors: errors.map(shown) } : {}),
        }),
      error(error) {
        if (isErrorList(error)) {
          receive({ errors: error.map(shown) });
          finish();
        } else {
          finish(awayError(error));
        }
      },
      complete: () => finish(),
    },
  );
  return mapStream(stream, async (answer) => {
    waiting -= 1;
    if (waiting <= WAITING.low) pause(false);
    return answer;
  });
}
