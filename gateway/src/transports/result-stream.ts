import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import { gatewayError } from '../errors.ts';
import type { ClientRequest } from '../requests/request.ts';
import type { Ending, LiveEvent } from '../subscriptions/groups/live-event.ts';
import type { LiveOperations, Running } from './live.ts';
import { type ConnectionCount, ownerOf } from './live-limits.ts';
import { type SessionRights, watchSession } from './session-watch.ts';
import { outbox, type SlowClientPolicy } from './slow-clients.ts';
import { spread } from './websocket.ts';

/** How results are written into an answer that does not end with the first. */
export interface StreamFormat {
  readonly transport: 'sse' | 'multipart';
  readonly headers: Readonly<Record<string, string>>;
  /** Written at once, so that headers travel and a client knows that it is heard. */
  readonly opening: string;
  /** Written while nothing happens, so that nobody in between takes the connection for dead. */
  readonly heartbeat: string;
  readonly heartbeatMs: number;
  /** One result, around its JSON. */
  event(json: Buffer): Buffer;
  /** What is said of a stream that could not start, or broke. */
  errors(errors: readonly GraphQLError[], kind: 'refused' | 'broken'): string;
  readonly closing: string;
}

export interface ResultStreams {
  serve(
    request: FastifyRequest,
    reply: FastifyReply,
    clientRequest: ClientRequest,
    format: StreamFormat,
  ): Promise<void>;
  /** Tells the clients of open streams to go elsewhere, over a while. */
  close(): Promise<void>;
}

export interface ResultStreamParts {
  readonly operations: LiveOperations;
  readonly rights: SessionRights;
  readonly count: ConnectionCount;
  readonly slowClients: SlowClientPolicy;
  readonly drainMs: number;
  readonly now?: () => number;
}

/** Streams of results over HTTP: one operation each. */
export function resultStreams(parts: ResultStreamParts): ResultStreams {
  const { operations, rights, count, slowClients, drainMs, now = Date.now } = parts;
  const open = new Set<() => void>();

  return {
    async serve(request, reply, clientRequest, format) {
      const leave = enter(count, clientRequest);
      const { raw } = reply;
      let running: Running | null = null;
      let isOver = false;
      const end = (last: string): void => {
        if (isOver) return;
        dispose();
        raw.end(last);
      };
      const chunkOf = chunks(format);
      const box = outbox({
        policy: slowClients,
        transport: format.transport,
        waiting: () => raw.writableLength,
        write: (event) => void raw.write(chunkOf(event)),
        overflow: (cursor) => end(format.errors([tooSlow(cursor)], 'broken') + format.closing),
      });
      const watch = watchSession(
        clientRequest.session,
        { rights, now },
        {
          onEnd: (reason) => end(format.errors([signIn(reason)], 'broken') + format.closing),
          onChange: (session) => running?.renew(session),
        },
      );
      const complete = (): void => end(format.closing);
      const heartbeat = setInterval(() => raw.write(format.heartbeat), format.heartbeatMs);
      heartbeat.unref();
      function dispose(): void {
        isOver = true;
        clearInterval(heartbeat);
        open.delete(complete);
        watch.close();
        running?.close();
        leave();
      }
      raw.once('close', () => {
        if (!isOver) dispose();
      });
      raw.on('drain', () => {
        box.drained();
        running?.ready();
      });

      // Events that come before the answer has begun; the group gives history at once.
      const early: LiveEvent[] = [];
      let hasBegun = false;
      let ending: Ending | null = null;
      const started = await operations.start(clientRequest, {
        next(event) {
          if (isOver) return false;
          if (hasBegun) return box.next(event);
          early.push(event);
          return true;
        },
        end(how) {
          ending = how;
          if (hasBegun) end(said(how, format));
        },
      });
      if (started.kind === 'answered') {
        const [error] = started.result.errors ?? [];
        const code = error?.extensions['code'];
        if (error && (code === 'METHOD_NOT_ALLOWED' || code === 'THROTTLED')) {
          dispose();
          throw error;
        }
        begin(request, reply, format, started.headers);
        raw.write(format.event(Buffer.from(JSON.stringify(started.result))));
        return end(format.closing);
      }
      running = started.running;
      if (isOver) return running.close();
      begin(request, reply, format, {});
      hasBegun = true;
      open.add(complete);
      for (const event of early) box.next(event);
      if (ending) end(said(ending, format));
      const current = watch.session();
      if (current.viewer !== clientRequest.session.viewer) running.renew(current);
    },
    async close() {
      await spread([...open], drainMs, (complete) => complete());
    },
  };
}

function begin(
  { id }: FastifyRequest,
  reply: FastifyReply,
  { headers, opening }: StreamFormat,
  given: Readonly<Record<string, string>>,
): void {
  const plugins = reply.getHeaders();
  void reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(plugins)) {
    if (value !== undefined) raw.setHeader(name, value);
  }
  raw.writeHead(200, {
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    ...headers,
    ...given,
    'x-request-id': id,
  });
  raw.write(opening);
}

/** A chunk is made once for each event, however many streams it goes to. */
const chunks = (format: StreamFormat): ((event: LiveEvent) => Buffer) => {
  const known = knownChunks[format.transport];
  return (event) => {
    let chunk = known.get(event);
    if (!chunk) {
      chunk = format.event(event.json());
      known.set(event, chunk);
    }
    return chunk;
  };
};
const knownChunks: Readonly<Record<StreamFormat['transport'], WeakMap<LiveEvent, Buffer>>> = {
  sse: new WeakMap(),
  multipart: new WeakMap(),
};

const said = (ending: Ending, format: StreamFormat): string =>
  ending.kind === 'completed'
    ? format.closing
    : format.errors(ending.errors, ending.kind) + format.closing;

/** Takes a place for the connection, or throws that there is none. */
function enter(count: ConnectionCount, { session, address }: ClientRequest): () => void {
  const leave = count.enter();
  if (!leave) throw gatewayError('OVERLOADED', 'This gateway has too many connections; try again.');
  const owner = ownerOf(session, address);
  const leaveAs = count.enterAs(owner);
  if (!leaveAs) {
    leave();
    throw gatewayError('TOO_MANY_CONNECTIONS', 'You have too many connections open.');
  }
  return () => {
    leave();
    leaveAs();
  };
}

const tooSlow = (cursor: string | null): GraphQLError =>
  gatewayError('SLOW_CONSUMER', 'You read too slowly; resume after the cursor.', { cursor });

const signIn = (reason: string): GraphQLError =>
  gatewayError('UNAUTHENTICATED', `${reason}; sign in again.`);
