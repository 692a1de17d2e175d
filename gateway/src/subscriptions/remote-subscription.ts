import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { createClient } from 'graphql-ws/client';
import { WebSocket } from 'ws';
import { gatewayError } from '../errors.ts';
import type { SubgraphAnswer, SubgraphRequest } from '../execution/source.ts';
import { pushStream } from './streams.ts';

export interface RemoteSubscription {
  readonly url: string;
  readonly request: SubgraphRequest;
  readonly connectionParams: Readonly<Record<string, string>>;
  readonly awayError: (error: unknown) => GraphQLError;
  readonly shown: (error: GraphQLFormattedError) => GraphQLFormattedError;
}

/** Events of a remote subgraph that wait for their client. A client this far behind is let go. */
const MAX_WAITING = 1_000;

/**
 * Subscribes at a remote subgraph, over a connection of its own, since the signed viewer belongs to
 * the connection. It does not reconnect: what was missed meanwhile is known to the client's cursor
 * only, so the stream breaks with an error that names the subgraph and the client resumes.
 */
export function subscribeRemotely({
  url,
  request,
  connectionParams,
  awayError,
  shown,
}: RemoteSubscription): AsyncGenerator<SubgraphAnswer, void, void> {
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: { ...connectionParams },
    retryAttempts: 0,
    // Finds out about a subgraph that vanished without closing.
    keepAlive: 10_000,
  });
  let unsubscribe = (): void => {};
  const { stream, push, finish } = pushStream<SubgraphAnswer>(
    () => {
      unsubscribe();
      void client.dispose();
    },
    {
      limit: MAX_WAITING,
      tooSlow: () => gatewayError('SLOW_CONSUMER', 'You read too slowly; resume from your cursor.'),
    },
  );
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
        push({
          ...(data === undefined ? {} : { data }),
          ...(errors ? { errors: errors.map(shown) } : {}),
        }),
      error(error) {
        if (isErrorList(error)) {
          push({ errors: error.map(shown) });
          finish();
        } else {
          finish(awayError(error));
        }
      },
      complete: () => finish(),
    },
  );
  return stream;
}
