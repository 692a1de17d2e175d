import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { aViewer } from '@vitrine/testkit/viewers';
import { expect, test } from 'vitest';
import { catalogOf, engineOver, shopsOf, silent } from '../../test/small-graph.ts';
import { gatewayError } from '../errors.ts';
import { operationReader } from '../execution/operations.ts';
import { liveProtocol } from './live-protocol.ts';

/** A connection without a network: what is sent to the server, and what it says and does. */
function connect({ upgrade = {}, expiresAt = 1_000 }: { upgrade?: object; expiresAt?: number }) {
  const { engine } = engineOver([catalogOf(), shopsOf()]);
  const asked: (string | undefined)[] = [];
  const sent: { type: string; id?: string }[] = [];
  const closed: number[] = [];
  const time = { now: 0 };
  const protocol = liveProtocol({
    engine,
    readOperation: operationReader(engine.graph.schema),
    async authenticate(authorization) {
      asked.push(authorization);
      if (authorization === 'Bearer bad') throw gatewayError('UNAUTHENTICATED', 'no');
      return { viewer: aViewer(), expiresAt };
    },
    logger: silent,
    now: () => time.now,
  });
  let receive: (text: string) => Promise<void> = async () => {};
  const request = new IncomingMessage(new Socket());
  Object.assign(request.headers, upgrade);
  protocol.opened(
    {
      protocol: 'graphql-transport-ws',
      send: (data) => void sent.push(JSON.parse(data)),
      close: (code) => void closed.push(code ?? 0),
      onMessage: (listener) => {
        receive = listener;
      },
    },
    { request, refuse: (code) => void closed.push(code) },
  );
  const say = (message: object) => receive(JSON.stringify(message));
  return { say, sent, closed, asked, time };
}

const ask = (id: string) => ({ id, type: 'subscribe', payload: { query: '{ products { id } }' } });

test.for([
  ['of the connection', { authorization: 'Bearer params' }, {}, 'Bearer params'],
  ['of the connection, capitalised', { Authorization: 'Bearer params' }, {}, 'Bearer params'],
  ['of the upgrade', undefined, { authorization: 'Bearer upgrade' }, 'Bearer upgrade'],
  [
    'of the connection before that of the upgrade',
    { authorization: 'Bearer params' },
    { authorization: 'Bearer upgrade' },
    'Bearer params',
  ],
] as const)('the token %s is the one that counts', async ([, payload, upgrade, expected]) => {
  const { say, asked } = connect({ upgrade });
  await say({ type: 'connection_init', payload });
  expect(asked).toEqual([expected]);
});

test('a bad token is told by 4401 and never acknowledged', async () => {
  const { say, sent, closed } = connect({});
  await say({ type: 'connection_init', payload: { authorization: 'Bearer bad' } });
  expect(closed[0]).toBe(4401);
  expect(sent).toEqual([]);
});

test('an operation that starts after the token has expired is refused, one before it is not', async () => {
  const { say, sent, closed, time } = connect({ expiresAt: 1_000 });
  await say({ type: 'connection_init' });
  time.now = 999;
  await say(ask('1'));
  expect(sent.map(({ type }) => type)).toEqual(['connection_ack', 'next', 'complete']);
  expect(closed).toEqual([]);

  time.now = 1_000;
  await say(ask('2'));
  expect(closed).toEqual([4401]);
  expect(sent.filter(({ id }) => id === '2').map(({ type }) => type)).toEqual(['error']);
});

test('an operation before the connection is introduced is refused', async () => {
  const { say, sent, closed } = connect({});
  await say(ask('1'));
  expect(closed).toEqual([4401]);
  expect(sent).toEqual([]);
});
