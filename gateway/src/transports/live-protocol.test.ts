import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { RightsChange } from '@vitrine/platform/rights';
import { aViewer } from '@vitrine/testkit/viewers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silent } from '../../test/small-graph.ts';
import type { Session } from '../authentication.ts';
import { gatewayError } from '../errors.ts';
import type { ClientRequest } from '../requests/request.ts';
import type { Sink } from '../subscriptions/groups/live-event.ts';
import { orderedEvent, pulseEvent } from '../subscriptions/groups/log.fixture.ts';
import { rightsMemory } from '../subscriptions/rights-memory.ts';
import type { LiveOperations, Started } from './live.ts';
import { connectionCount, defaultLiveLimits, type LiveLimits } from './live-limits.ts';
import { liveProtocol } from './live-protocol.ts';
import { defaultSlowClientPolicy } from './slow-clients.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Setting {
  readonly upgrade?: object;
  readonly limits?: Partial<LiveLimits>;
  readonly address?: string;
}

/** A connection without a network: what is sent to the server, and what it says and does. */
function connect({ upgrade = {}, limits: given = {}, address }: Setting = {}) {
  const limits = { ...defaultLiveLimits, ...given };
  const asked: (string | undefined)[] = [];
  const sent: { type: string; id?: string; payload?: unknown }[] = [];
  const closed: [number, string][] = [];
  const requests: ClientRequest[] = [];
  const sinks: Sink[] = [];
  const renewed: Session[] = [];
  const memory = rightsMemory();
  const watchers = new Set<() => void>();
  const state = { left: 0, waiting: 0 };
  const issuedAt = Date.now();
  const sessions: Record<string, Session> = {
    'Bearer short': { viewer: aViewer(), issuedAt, expiresAt: issuedAt + 1_000 },
    'Bearer fresh': {
      viewer: aViewer({ roles: ['CREATOR'] }),
      issuedAt,
      expiresAt: issuedAt + 9_000,
    },
    'Bearer other': { viewer: aViewer({ userId: 'usr_2' }), issuedAt, expiresAt: issuedAt + 9_000 },
  };
  const operations: LiveOperations = {
    async start(request, sink): Promise<Started> {
      requests.push(request);
      if (request.parameters.query === 'query') {
        return { kind: 'answered', result: { data: { a: 1 } }, headers: {} };
      }
      sinks.push(sink);
      return {
        kind: 'running',
        running: {
          close: () => (state.left += 1),
          ready: () => {},
          cursor: () => null,
          renew: (session) => void renewed.push(session),
        },
      };
    },
    drain() {},
  };
  const connectSocket = liveProtocol({
    operations,
    async authenticate(authorization) {
      asked.push(authorization);
      const session = sessions[authorization ?? ''];
      if (session) return session;
      if (authorization === undefined) {
        return { viewer: null, issuedAt: 0, expiresAt: Number.POSITIVE_INFINITY };
      }
      if (authorization === 'Bearer away') {
        throw gatewayError('AUTHENTICATION_UNAVAILABLE', 'not now');
      }
      throw gatewayError('UNAUTHENTICATED', 'no');
    },
    rights: {
      watch(_userId, onChange) {
        watchers.add(onChange);
        return () => watchers.delete(onChange);
      },
      after: memory.after,
    },
    count: connectionCount(limits),
    limits,
    slowClients: defaultSlowClientPolicy,
    logger: silent,
    now: Date.now,
  });
  const open = () => {
    const request = new IncomingMessage(new Socket());
    Object.assign(request.headers, upgrade);
    return connectSocket({
      request,
      audience: 'public',
      address: address ?? '',
      send: (text) => void sent.push(JSON.parse(text)),
      writeFrame: (frame) => void sent.push(JSON.parse(String(frame.subarray(2)))),
      waiting: () => state.waiting,
      close: (code, reason) => void closed.push([code, reason]),
    });
  };
  const connection = open();
  const say = (message: object) => connection.receive(JSON.stringify(message));
  const tell = (change: RightsChange) => {
    memory.note({ ...change, at: Date.now() });
    for (const watcher of [...watchers]) watcher();
  };
  return {
    say,
    sent,
    closed,
    asked,
    requests,
    sinks,
    renewed,
    watchers,
    state,
    tell,
    connection,
    open,
  };
}

const ask = (id: string, query = 'subscription') => ({ id, type: 'subscribe', payload: { query } });
const init = (authorization?: unknown) => ({
  type: 'connection_init',
  ...(authorization === undefined ? {} : { payload: { authorization } }),
});

describe('an introduction', () => {
  test.for([
    ['of the connection', { authorization: 'Bearer short' }, {}],
    ['of the connection, capitalised', { Authorization: 'Bearer short' }, {}],
    ['of the upgrade', undefined, { authorization: 'Bearer short' }],
    [
      'of the connection before that of the upgrade',
      { authorization: 'Bearer short' },
      { authorization: 'Bearer other' },
    ],
  ] as const)('takes the token %s', async ([, payload, upgrade]) => {
    const { say, asked, sent } = connect({ upgrade });
    await say({ type: 'connection_init', payload });
    expect(asked).toEqual(['Bearer short']);
    expect(sent).toEqual([{ type: 'connection_ack' }]);
  });

  test.for(['Bearer bad', 42])('with %s as token is told by 4401', async (authorization) => {
    const { say, sent, closed } = connect();
    await say(init(authorization));
    expect(closed).toEqual([[4401, 'The token is not valid or has expired']]);
    expect(sent).toEqual([]);
  });

  test('that comes twice closes with 4429, and too late with 4408', async () => {
    const twice = connect();
    await twice.say(init());
    await twice.say(init());
    expect(twice.closed[0]?.[0]).toBe(4429);
    const late = connect({ limits: { introductionMs: 100 } });
    vi.advanceTimersByTime(100);
    expect(late.closed[0]?.[0]).toBe(4408);
  });

  test('of one guest too many from one address closes with 1013', async () => {
    const world = connect({ limits: { connectionsPerAddress: 1 }, address: '10.0.0.1' });
    await world.say(init());
    const second = world.open();
    await second.receive(JSON.stringify(init()));
    expect(world.closed).toEqual([[1013, 'Too many connections']]);
    world.connection.closed();
    await world.open().receive(JSON.stringify(init()));
    expect(world.closed).toHaveLength(1);
  });
});

describe('a message', () => {
  test.for([
    '{"type":',
    '[]',
    '{"type":"nope"}',
    '{"type":"subscribe","payload":{"query":"subscription"}}',
    '{"type":"subscribe","id":"1"}',
    '{"type":"subscribe","id":"1","payload":{}}',
    '{"type":"subscribe","id":"1","payload":{"query":1}}',
    '{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}',
  ])('%s closes with 4400', async (text) => {
    const { say, connection, closed } = connect();
    await say(init());
    await connection.receive(text);
    expect(closed[0]?.[0]).toBe(4400);
  });

  test('too many of them close with 1008', async () => {
    const { say, closed } = connect({ limits: { messageBurst: 3, messagesPerSecond: 1 } });
    await say(init());
    await say({ type: 'ping' });
    await say({ type: 'ping' });
    vi.advanceTimersByTime(1_000);
    await say({ type: 'ping' });
    expect(closed).toEqual([]);
    await say({ type: 'ping' });
    expect(closed).toEqual([[1008, 'Too many messages']]);
  });
});

describe('an operation', () => {
  test('before the introduction closes with 4401', async () => {
    const { say, closed } = connect();
    await say(ask('1'));
    expect(closed).toEqual([[4401, 'Unauthorized']]);
  });

  test('that ends at once is a result and its completion', async () => {
    const { say, sent } = connect();
    await say(init());
    await say(ask('1', 'query'));
    expect(sent.slice(1)).toEqual([
      { id: '1', type: 'next', payload: { data: { a: 1 } } },
      { id: '1', type: 'complete' },
    ]);
  });

  test('gets each event under its id, until it is complete', async () => {
    const { say, sent, sinks } = connect();
    await say(init());
    await say(ask('one'));
    sinks[0]?.next(orderedEvent(1));
    sinks[0]?.end({ kind: 'completed' });
    expect(sent.slice(1)).toEqual([
      { id: 'one', type: 'next', payload: { data: { sequence: 1 } } },
      { id: 'one', type: 'complete' },
    ]);
  });

  test('with an id in use closes with 4409', async () => {
    const { say, closed } = connect();
    await say(init());
    await say(ask('1'));
    await say(ask('1'));
    expect(closed[0]?.[0]).toBe(4409);
  });

  test('beyond the limit is refused, and the socket goes on', async () => {
    const { say, sent, closed } = connect({ limits: { operationsPerSocket: 1 } });
    await say(init());
    await say(ask('1'));
    await say(ask('2'));
    expect(sent.at(-1)).toMatchObject({
      id: '2',
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }],
    });
    expect(closed).toEqual([]);
  });

  test('that its client completes is left', async () => {
    const { say, state } = connect();
    await say(init());
    await say(ask('1'));
    await say({ id: '1', type: 'complete' });
    expect(state.left).toBe(1);
  });

  test('keeps a socket from being idle, which is closed without one', async () => {
    const { say, closed } = connect({ limits: { idleMs: 1_000 } });
    await say(init());
    await say(ask('1'));
    vi.advanceTimersByTime(5_000);
    expect(closed).toEqual([]);
    await say({ id: '1', type: 'complete' });
    vi.advanceTimersByTime(1_000);
    expect(closed).toEqual([[1000, 'Idle']]);
  });

  test('of a client that does not read ends with the cursor to resume after', async () => {
    const { say, sinks, closed, sent, state } = connect();
    await say(init());
    await say(ask('1'));
    sinks[0]?.next(orderedEvent(1));
    state.waiting = 200 * 1024;
    expect(sinks[0]?.next(orderedEvent(2))).toBe(false);
    sinks[0]?.next(pulseEvent('Pulse', 1));
    expect(sent).toHaveLength(3);
    state.waiting = 2 * 1024 * 1024;
    sinks[0]?.next(orderedEvent(3));
    expect(closed).toEqual([[1013, '{"code":"SLOW_CONSUMER","resumeAfter":"2-0"}']]);
    expect(sent).toHaveLength(3);
  });
});

describe('a session', () => {
  test('that expires ends its operations with UNAUTHENTICATED and closes with 4401', async () => {
    const { say, sent, closed } = connect();
    await say(init('Bearer short'));
    await say(ask('1'));
    vi.advanceTimersByTime(999);
    expect(closed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(closed).toEqual([[4401, 'The token has expired']]);
    expect(sent.at(-1)).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('goes on with a fresh token of the same person in a ping', async () => {
    const { say, sent, closed, renewed } = connect();
    await say(init('Bearer short'));
    await say(ask('1'));
    await say({ type: 'ping', payload: { authorization: 'Bearer fresh' } });
    expect(sent.at(-1)).toEqual({ type: 'pong' });
    expect(renewed.map(({ viewer }) => viewer?.roles)).toEqual([['CREATOR']]);
    vi.advanceTimersByTime(8_999);
    expect(closed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(closed[0]?.[0]).toBe(4401);
  });

  test.for([
    ['of somebody else', 'Bearer other', 4403],
    ['that is bad', 'Bearer bad', 4401],
  ] as const)('does not go on with a token %s', async ([, authorization, code]) => {
    const { say, closed, state } = connect();
    await say(init('Bearer short'));
    await say(ask('1'));
    await say({ type: 'ping', payload: { authorization } });
    expect(closed[0]?.[0]).toBe(code);
    expect(state.left).toBe(1);
  });

  test('whose token cannot be checked now is told to try again, not to sign in', async () => {
    const { say, closed } = connect();
    await say(init('Bearer away'));
    expect(closed).toEqual([[1013, 'Try again']]);
  });

  test('that accounts ends is over at once, that of another device is not', async () => {
    const { say, closed, tell } = connect();
    await say(init('Bearer short'));
    const { userId, sessionId } = aViewer();
    tell({ kind: 'ENDED', userId, sessionId: 'ses_other' });
    expect(closed).toEqual([]);
    tell({ kind: 'ENDED', userId, sessionId });
    expect(closed).toEqual([[4401, 'The session was ended']]);
  });

  test('whose memberships change goes on by the new rights', async () => {
    const { say, renewed, tell, watchers, connection } = connect();
    await say(init('Bearer short'));
    await say(ask('1'));
    const memberships = [{ shopId: 'shp_1', role: 'OWNER' as const }];
    tell({ kind: 'CHANGED', userId: aViewer().userId, memberships });
    expect(renewed.map(({ viewer }) => viewer)).toEqual([aViewer({ memberships })]);
    connection.closed();
    expect(watchers.size).toBe(0);
  });
});
