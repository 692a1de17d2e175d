import type { Logger } from '@vitrine/platform/logger';
import type { RequestScope } from '@vitrine/platform/subgraph';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import { createHandler } from 'graphql-sse';
import { z } from 'zod';
import { hide, shownError } from '../errors.ts';
import type { Engine } from '../execution/engine.ts';
import type { operationReader } from '../execution/operations.ts';
import { isStream } from '../execution/source.ts';
import { endingWith, paced } from '../subscriptions/streams.ts';
import { runLive } from './live.ts';

export interface EventStreams {
  serve(request: FastifyRequest, reply: FastifyReply, scope: RequestScope): Promise<void>;
  /** Ends the streams that are open, so that a server can close. */
  close(): void;
}

/** What one request carries through graphql-sse. */
interface StreamContext {
  readonly scope: RequestScope;
  /** Called for every result that has gone to the client. */
  onTaken: () => void;
}

export const wantsEventStream = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  (headers.accept ?? '').split(',').some((type) => type.trim().startsWith('text/event-stream'));

/** Server-sent events by `graphql-sse`, in its "distinct connections" mode: a stream per operation. */
export function eventStreams(
  engine: Engine,
  readOperation: ReturnType<typeof operationReader>,
  logger: Logger,
): EventStreams {
  const open = new Set<() => void>();
  const handle = createHandler<FastifyRequest, StreamContext>({
    // No token: a client cannot reserve a stream and send operations to it from elsewhere.
    authenticate: () => null,
    async onSubscribe({ context, method }, { query, operationName, variables }) {
      const { scope } = context;
      const operation = readOperation(query, operationName);
      if (!('document' in operation)) return only({ errors: operation });
      if (method === 'GET' && operation.node.operation === OperationTypeNode.MUTATION) {
        return [
          JSON.stringify({ errors: [{ message: 'Send mutations by POST.' }] }),
          { status: 405, statusText: 'Method Not Allowed', headers: { allow: 'POST' } },
        ];
      }
      const request = { operation, variables: variables ?? {}, scope };
      const result = await runLive(engine, request, { logger, transport: 'sse' });
      if (!isStream(result)) return only(result);
      const whole = endingWith<ExecutionResult>(result, (error) => ({
        errors: [shownError(error, { logger, requestId: scope.requestId })],
      }));
      // graphql-sse reads ahead without limit: a client that does not read would fill our memory.
      const { stream, taken } = paced(whole);
      context.onTaken = taken;
      return stream;
    },
  });

  const serve = async (request: FastifyRequest, reply: FastifyReply, scope: RequestScope) => {
    const context: StreamContext = { scope, onTaken: () => {} };
    const [body, { status, headers }] = await handle({
      method: request.method,
      url: request.url,
      headers: {
        get: (name) =>
          name === 'accept' ? 'text/event-stream' : String(request.headers[name] ?? ''),
      },
      // Fastify has parsed it; graphql-sse checks its shape.
      body: (request.body ?? null) as string | Record<string, unknown> | null,
      raw: request,
      context,
    });
    if (body === null || typeof body === 'string') {
      await reply
        .code(status)
        .headers(headers ?? {})
        .type('application/json; charset=utf-8')
        .send({ errors: refusals(body, status) });
      return;
    }
    void reply.hijack();
    const { raw } = reply;
    raw.writeHead(status, { ...headers, 'x-request-id': request.id });
    const leave = () => void body.return(undefined);
    open.add(leave);
    raw.once('close', leave);
    try {
      for await (const part of body) {
        if (raw.destroyed) break;
        if (!raw.write(part)) await drained(raw);
        if (part.startsWith('event: next')) context.onTaken();
      }
    } finally {
      open.delete(leave);
      raw.end();
    }
  };

  return {
    serve: (request, reply, scope) =>
      serve(request, reply, scope).catch((error: unknown) => {
        if (!reply.raw.headersSent) throw error;
        hide(error, { logger, requestId: scope.requestId });
        reply.raw.destroy();
      }),
    close() {
      for (const leave of open) leave();
    },
  };
}

/** graphql-sse takes a result without data for none at all, so it gets every single one as a stream. */
async function* only(result: ExecutionResult): AsyncGenerator<ExecutionResult, void, void> {
  yield result;
}

const bodyShape = z.object({ errors: z.array(z.object({ message: z.string() })) });

/** What graphql-sse refuses by itself, with codes. */
function refusals(body: string | null, status: number): readonly GraphQLFormattedError[] {
  const code = status === 415 ? 'UNSUPPORTED_MEDIA_TYPE' : 'BAD_REQUEST';
  const { errors } = body
    ? bodyShape.parse(JSON.parse(body))
    : { errors: [{ message: 'Send application/json.' }] };
  return errors.map(({ message }) => ({ message, extensions: { code } }));
}

const drained = (raw: FastifyReply['raw']): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      raw.off('drain', done);
      raw.off('close', done);
      resolve();
    };
    raw.once('drain', done);
    raw.once('close', done);
  });
