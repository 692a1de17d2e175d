import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from '@vitrine/platform/logger';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { makeServer } from 'graphql-ws';
import type { Session } from '../authentication.ts';
import { scopeOf } from '../context.ts';
import { gatewayError, isIntended, shownError } from '../errors.ts';
import type { Engine } from '../execution/engine.ts';
import type { PlanRequest } from '../execution/execute-plan.ts';
import type { operationReader } from '../execution/operations.ts';
import { runLive } from './live.ts';

/** What a connection brings with it. */
export interface SocketExtra {
  readonly request: IncomingMessage;
  readonly refuse: (code: number, reason: string) => void;
}

export interface LiveProtocol {
  readonly engine: Engine;
  readonly readOperation: ReturnType<typeof operationReader>;
  readonly authenticate: (authorization: string | undefined) => Promise<Session>;
  readonly logger: Logger;
  readonly now?: () => number;
}

const UNAUTHORIZED = 4401;

/**
 * The `graphql-transport-ws` protocol over our engine. The token comes with `connectionParams` as
 * `{ authorization: "Bearer …" }`, or with the upgrade request. A bad one closes the connection with
 * 4401, and so does an operation that starts after the token has expired.
 */
export function liveProtocol({
  engine,
  readOperation,
  authenticate,
  logger,
  now = Date.now,
}: LiveProtocol): ReturnType<typeof makeServer<Record<string, unknown>, SocketExtra>> {
  const sessions = new WeakMap<SocketExtra, Session>();

  return makeServer<Record<string, unknown>, SocketExtra>({
    async onConnect({ connectionParams, extra }) {
      try {
        sessions.set(extra, await authenticate(authorizationOf(connectionParams, extra.request)));
        return true;
      } catch (error) {
        if (!isIntended(shownError(error, { logger, requestId: 'connection' }))) throw error;
        extra.refuse(UNAUTHORIZED, 'The token is not valid or has expired');
        return false;
      }
    },

    onSubscribe({ extra }, _id, { query, operationName, variables }) {
      const session = sessions.get(extra);
      if (!session || session.expiresAt <= now()) {
        extra.refuse(UNAUTHORIZED, 'The token has expired');
        return [gatewayError('UNAUTHENTICATED', 'The token has expired; sign in again.')];
      }
      const operation = readOperation(query, operationName);
      if (!('document' in operation)) return operation;
      const request: PlanRequest = {
        operation,
        variables: variables ?? {},
        scope: scopeOf(session, extra.request.headers, randomUUID()),
      };
      return {
        schema: engine.graph.schema,
        document: operation.document,
        operationName: operationName ?? null,
        contextValue: request,
      };
    },

    execute: (args) => run(args),
    subscribe: (args) => run(args),
    onError: (_context, _id, _payload, errors) =>
      errors.map((error) =>
        shownError(error.originalError ?? error, { logger, requestId: 'stream' }).toJSON(),
      ),
  });

  function run(
    args: ExecutionArgs,
  ): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>> {
    // Put there by `onSubscribe` above.
    return runLive(engine, args.contextValue as PlanRequest, { logger, transport: 'ws' });
  }
}

function authorizationOf(
  params: Readonly<Record<string, unknown>> | undefined,
  { headers }: IncomingMessage,
): string | undefined {
  const given = params?.['authorization'] ?? params?.['Authorization'];
  if (given === undefined || given === null) return headers.authorization;
  // Anything but text is a bad token, not the absence of one.
  return typeof given === 'string' ? given : 'malformed';
}
