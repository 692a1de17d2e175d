import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from '@vitrine/platform/logger';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Authenticate, Session } from '../authentication.ts';
import { timedScopeOf } from '../context.ts';
import { gatewayError, isIntended, shownError } from '../errors.ts';
import type { AudienceName } from '../requests/audience.ts';
import { parametersOf } from '../requests/parameters.ts';
import type { ClientRequest } from '../requests/request.ts';
import type { LiveEvent } from '../subscriptions/groups/live-event.ts';
import { clientOf } from '../usage/clients.ts';
import { frameMaker, nextPrefix } from './frames.ts';
import type { LiveOperations, Running } from './live.ts';
import { type ConnectionCount, type LiveLimits, messageBudget, ownerOf } from './live-limits.ts';
import { type SessionRights, type SessionWatch, watchSession } from './session-watch.ts';
import {
  type Outbox,
  outbox,
  SLOW_CLIENT_CLOSE,
  type SlowClientPolicy,
  slowClientReason,
} from './slow-clients.ts';

export const SUBPROTOCOL = 'graphql-transport-ws';

/** A WebSocket as the protocol needs it. */
export interface LiveSocket {
  readonly request: IncomingMessage;
  readonly audience: AudienceName;
  /** The IP address of the client; quotas and connections of guests go by it. */
  readonly address: string;
  send(text: string): void;
  /** Writes a whole frame as it is. */
  writeFrame(frame: Buffer): void;
  /** Bytes that wait to be read by the client. */
  waiting(): number;
  close(code: number, reason: string): void;
}

export interface LiveProtocol {
  readonly operations: LiveOperations;
  readonly authenticate: Authenticate;
  readonly rights: SessionRights;
  readonly count: ConnectionCount;
  readonly limits: LiveLimits;
  readonly slowClients: SlowClientPolicy;
  readonly logger: Logger;
  readonly now?: () => number;
}

/** One client's connection. */
export interface LiveConnection {
  receive(text: string): Promise<void>;
  /** The socket has room again. */
  drained(): void;
  /** The socket is gone. */
  closed(): void;
}

interface Open {
  running: Running | null;
  readonly box: Outbox;
}

type Message = Readonly<Record<string, unknown>>;

/**
 * The `graphql-transport-ws` protocol. The token comes with `connection_init` as
 * `{ authorization: "Bearer …" }`, or with the upgrade request; a fresh one of the same person may
 * come in the payload of a `ping`, in the same form, before the old one expires. Closes with 4400
 * (bad message), 4401 (no introduction, or no valid token any more), 4403 (a token of somebody
 * else), 4408 (introduction too late), 4409 (an id in use), 4429 (introduced twice), and by the
 * limits and the policy for slow clients.
 */
export function liveProtocol(parts: LiveProtocol): (socket: LiveSocket) => LiveConnection {
  const { operations, authenticate, rights, count, limits, slowClients, logger } = parts;
  const { now = Date.now } = parts;
  const frameOf = frameMaker();

  return (socket) => {
    const { request } = socket;
    const open = new Map<string, Open>();
    const mayReceive = messageBudget(limits, now);
    let watch: SessionWatch | undefined;
    let params: Message = {};
    let isIntroduced = false;
    let isClosed = false;
    let leave = (): void => {};
    let idle: NodeJS.Timeout | undefined;
    const introduction = setTimeout(
      () => close(4408, 'Connection initialisation timeout'),
      limits.introductionMs,
    );
    introduction.unref();

    const say = (message: object): void => {
      if (!isClosed) socket.send(JSON.stringify(message));
    };
    const close = (code: number, reason: string): void => {
      if (isClosed) return;
      dispose();
      socket.close(code, reason);
    };
    const dispose = (): void => {
      isClosed = true;
      clearTimeout(introduction);
      clearTimeout(idle);
      watch?.close();
      for (const { running } of open.values()) running?.close();
      open.clear();
      leave();
    };
    const rest = (): void => {
      clearTimeout(idle);
      if (isClosed || open.size > 0) return;
      idle = setTimeout(() => close(1000, 'Idle'), limits.idleMs);
      idle.unref();
    };
    const finish = (id: string, own: Open, message: object): void => {
      if (open.get(id) !== own) return;
      open.delete(id);
      say(message);
      rest();
    };
    const endSession = (reason: string): void => {
      const error = gatewayError('UNAUTHENTICATED', `${reason}; sign in again.`);
      for (const [id, { running }] of open) {
        running?.close();
        say({ id, type: 'error', payload: [error] });
      }
      open.clear();
      close(4401, reason);
    };

    /** The session that a token stands for; undefined where the connection has been closed for it. */
    const sessionOf = async (authorization: string | undefined): Promise<Session | undefined> => {
      try {
        return await authenticate(authorization);
      } catch (error) {
        const shown = shownError(error, { logger, requestId: 'connection' });
        if (shown.extensions['code'] === 'AUTHENTICATION_UNAVAILABLE') close(1013, 'Try again');
        else if (isIntended(shown)) close(4401, 'The token is not valid or has expired');
        else close(4500, 'Internal server error');
        return undefined;
      }
    };

    const introduce = async ({ payload }: Message): Promise<void> => {
      if (isIntroduced) return close(4429, 'Too many initialisation requests');
      isIntroduced = true;
      params = isRecord(payload) ? payload : {};
      const session = await sessionOf(authorizationOf(params) ?? request.headers.authorization);
      if (!session || isClosed) return;
      const entered = count.enterAs(ownerOf(session, socket.address));
      if (!entered) return close(1013, 'Too many connections');
      leave = entered;
      clearTimeout(introduction);
      watch = watchSession(
        session,
        { rights, now },
        {
          onEnd: endSession,
          onChange(changed) {
            for (const { running } of [...open.values()]) running?.renew(changed);
          },
        },
      );
      say({ type: 'connection_ack' });
      rest();
    };

    const answerPing = async ({ payload }: Message): Promise<void> => {
      const authorization = isRecord(payload) ? authorizationOf(payload) : undefined;
      if (authorization !== undefined && watch) {
        const session = await sessionOf(authorization);
        if (!session || isClosed) return;
        if (!watch.replace(session)) return close(4403, 'The token is of somebody else');
      }
      say({ type: 'pong' });
    };

    const begin = async ({ id, payload }: Message): Promise<void> => {
      if (typeof id !== 'string' || id === '' || !isRecord(payload)) return badMessage();
      if (!watch) return close(4401, 'Unauthorized');
      if (open.has(id)) return close(4409, `Subscriber for ${id} already exists`.slice(0, 120));
      const session = watch.session();
      if (session.expiresAt <= now()) {
        say({ id, type: 'error', payload: [expired()] });
        return close(4401, 'The token has expired');
      }
      if (open.size >= limits.operationsPerSocket) {
        say({ id, type: 'error', payload: [tooManyOperations(limits.operationsPerSocket)] });
        return;
      }
      const asked = requestOf(payload, session);
      if (!asked) return badMessage();
      clearTimeout(idle);
      const prefix = nextPrefix(id);
      const write = (event: LiveEvent): void =>
        socket.writeFrame(frameOf(id, prefix, event.json()));
      const box = outbox({
        policy: slowClients,
        transport: 'ws',
        waiting: socket.waiting,
        write,
        overflow: (cursor) => close(SLOW_CLIENT_CLOSE, slowClientReason(cursor)),
      });
      const own: Open = { running: null, box };
      open.set(id, own);
      const started = await operations.start(asked, {
        next: (event) => (isClosed ? false : box.next(event)),
        end(ending) {
          if (ending.kind === 'completed') finish(id, own, { id, type: 'complete' });
          else finish(id, own, { id, type: 'error', payload: ending.errors });
        },
      });
      if (started.kind === 'answered') return answer(id, own, started.result);
      // The client has left, or the stream has ended, before it was known to run.
      if (isClosed || open.get(id) !== own) return started.running.close();
      own.running = started.running;
      const current = watch.session();
      if (current.viewer !== session.viewer) own.running.renew(current);
    };

    const answer = (id: string, own: Open, result: ExecutionResult): void => {
      if (open.get(id) !== own) return;
      if (result.data === undefined && result.errors) {
        finish(id, own, { id, type: 'error', payload: result.errors });
        return;
      }
      say({ id, type: 'next', payload: result });
      finish(id, own, { id, type: 'complete' });
    };

    const requestOf = (payload: Message, session: Session): ClientRequest | null => {
      try {
        const parameters = parametersOf(payload);
        const { headers } = request;
        return {
          audience: socket.audience,
          parameters,
          session,
          scope: timedScopeOf(session, { headers, address: socket.address }, randomUUID()),
          client: clientOf(headers, params),
          address: socket.address,
          transport: 'ws',
          trace: { ...headers },
          isReadOnly: false,
          acceptsDefer: false,
        };
      } catch {
        return null;
      }
    };

    const leaveOperation = ({ id }: Message): void => {
      const own = open.get(String(id));
      if (!own) return;
      open.delete(String(id));
      own.running?.close();
      rest();
    };

    const badMessage = (): void => close(4400, 'Invalid message received');

    return {
      async receive(text) {
        if (isClosed) return;
        if (!mayReceive()) return close(1008, 'Too many messages');
        const message = parsed(text);
        switch (message?.['type']) {
          case 'connection_init':
            return introduce(message);
          case 'ping':
            return answerPing(message);
          case 'pong':
            return undefined;
          case 'subscribe':
            return begin(message);
          case 'complete':
            return leaveOperation(message);
          default:
            return badMessage();
        }
      },
      drained() {
        for (const { box, running } of open.values()) {
          box.drained();
          running?.ready();
        }
      },
      closed: dispose,
    };
  };
}

const isRecord = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): Message | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function authorizationOf(params: Message): string | undefined {
  const given = params['authorization'] ?? params['Authorization'];
  if (given === undefined || given === null) return undefined;
  // Anything but text is a bad token, not the absence of one.
  return typeof given === 'string' ? given : 'malformed';
}

const expired = (): GraphQLError =>
  gatewayError('UNAUTHENTICATED', 'The token has expired; sign in again.');

const tooManyOperations = (most: number): GraphQLError =>
  gatewayError('TOO_MANY_OPERATIONS', `A socket carries at most ${most} operations at once.`);
