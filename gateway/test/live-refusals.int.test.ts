import { request } from 'node:http';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  aRoom,
  EVENTS,
  overEventStream,
  overWebSocket,
  shown,
  sold,
  subscribeOver,
  subscription,
  transports,
} from './live-room.ts';
import { runGateway, shapes } from './running-gateway.ts';
import { catalogOf, productId, shopsOf, small } from './small-graph.ts';

describe('when a remote subgraph ends', () => {
  test.for(transports)(
    'a subscription over %s breaks with an error that names it',
    async (transport) => {
      const room = aRoom();
      const running = await runGateway(room.parts, { shape: 'over HTTP' });
      const subscriber = subscribeOver(transport, running);
      await expect.poll(() => room.readers).toBe(1);
      await running.stopSubgraph('social');
      await expect.poll(subscriber.isOver).toBe(true);
      expect(JSON.stringify([subscriber.received, subscriber.failure()])).toContain(
        '"extensions":{"code":"SUBGRAPH_UNAVAILABLE","serviceName":"social"}',
      );
    },
  );

  test('a subscription that starts meanwhile is told, and works when it is back', async () => {
    const room = aRoom();
    const running = await runGateway(room.parts, { shape: 'over HTTP' });
    await running.stopSubgraph('social');
    const early = overWebSocket(running.socket(), subscription);
    await expect.poll(early.isOver).toBe(true);
    expect(JSON.stringify(early.failure())).toContain('SUBGRAPH_UNAVAILABLE');

    await running.startSubgraph('social');
    const later = overWebSocket(running.socket(), subscription);
    await expect.poll(() => room.readers).toBe(1);
    room.tell(sold);
    await expect.poll(() => later.received).toEqual([shown]);
  });

  test('an event whose other subgraph is dead keeps what it has', async () => {
    const room = aRoom();
    const running = await runGateway(room.parts, { shape: 'over HTTP' });
    const subscriber = overWebSocket(running.socket(), subscription);
    await expect.poll(() => room.readers).toBe(1);
    await running.stopSubgraph('shops');
    room.tell(sold);
    await expect
      .poll(() => subscriber.received)
      .toMatchObject([
        {
          data: {
            roomEvents: { text: 'sold', product: { title: `Title of ${productId}`, shop: null } },
          },
          errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'shops' } }],
        },
      ]);
    await running.startSubgraph('shops');
    room.tell(sold);
    await expect.poll(() => subscriber.received[1]).toEqual(shown);
  });
});

describe('who is subscribing', () => {
  test.for(shapes)(
    'the token of the connection is the viewer, with subgraphs %s',
    async (shape) => {
      const room = aRoom();
      const running = await runGateway(room.parts, { shape });
      const authorization = `Bearer ${await running.token(aViewer())}`;
      overWebSocket(running.socket({ authorization }), subscription);
      overEventStream(running, subscription, { authorization });
      overWebSocket(running.socket(), subscription);
      // What they see depends on nobody's rights, so all of them share the upstream of the first.
      await expect.poll(() => room.readers).toBe(1);
      expect([JSON.stringify(aViewer()), 'null']).toContain(JSON.stringify(room.viewers[0]));
    },
  );

  test.for([
    ['forged', 'Bearer a.b.c'],
    ['no text', 42],
  ] as const)('a token that is %s closes the socket with 4401', async ([, authorization]) => {
    const running = await runGateway(aRoom().parts, { shape: 'in process' });
    const subscriber = overWebSocket(running.socket({ authorization }), subscription);
    await expect.poll(subscriber.failure).toMatchObject({ code: 4401 });
  });

  test('a bad token over an event stream is a 401 before any event', async () => {
    const running = await runGateway(aRoom().parts, { shape: 'in process' });
    const { status, body } = await running.post(subscription, {
      accept: 'text/event-stream',
      authorization: 'Bearer a.b.c',
    });
    expect(status).toBe(401);
    expect(body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('bad operations', () => {
  test.for([
    ['malformed GraphQL', { query: 'subscription {' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: 'subscription { nope }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a missing variable', { query: EVENTS }, 'BAD_USER_INPUT'],
    [
      'a variable that nobody declares',
      { query: EVENTS, variables: { roomId: '1', nope: 1 } },
      'UNKNOWN_VARIABLE',
    ],
  ] as const)('%s is refused over both transports', async ([, payload, code]) => {
    const running = await runGateway(aRoom().parts, { shape: 'in process' });
    for (const transport of transports) {
      const subscriber = subscribeOver(transport, running, payload);
      await expect.poll(subscriber.isOver).toBe(true);
      const told = JSON.stringify([subscriber.received, subscriber.failure()]);
      expect(told).toContain(code);
    }
  });

  test.for([
    ['no query', { nope: 1 }, '400 BAD_REQUEST'],
    ['variables that are a list', { query: '{ rooms }', variables: [1] }, '400 BAD_REQUEST'],
    ['malformed JSON', '{"query":', '400 MALFORMED_JSON'],
  ] as const)('an event stream of %s is refused before it begins', async ([, sent, expected]) => {
    const { post } = await runGateway(aRoom().parts, { shape: 'in process' });
    const { status, body } = await post(sent, { accept: 'text/event-stream' });
    expect(`${status} ${body.errors[0].extensions.code}`).toBe(expected);
  });

  test('an address that a foreign page opens as an event stream changes nothing', async () => {
    let changes = 0;
    const renameProduct = () => {
      changes += 1;
      return null;
    };
    const catalog = catalogOf({ Mutation: { renameProduct } });
    const { gateway } = await runGateway([catalog, shopsOf()], { shape: 'in process' });
    const query = 'mutation { renameProduct(id: "1", title: "x") { id } }';
    const response = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(response.status).toBe(405);
    expect(changes).toBe(0);
  });

  test('a subscription the subgraph refuses is told with its code', async () => {
    const social = small('social', 'type Query { s: Int } type Subscription { secrets: Int }', {
      Subscription: {
        secrets: {
          subscribe() {
            throw Object.assign(new Error('You may not.'), { extensions: { code: 'FORBIDDEN' } });
          },
        },
      },
    });
    for (const shape of shapes) {
      const running = await runGateway([social], { shape });
      const subscriber = overWebSocket(running.socket(), { query: 'subscription { secrets }' });
      await expect.poll(subscriber.isOver).toBe(true);
      expect(JSON.stringify([subscriber.received, subscriber.failure()])).toContain('FORBIDDEN');
    }
  });

  test('a message that is none closes the socket and nothing else', async () => {
    const running = await runGateway(aRoom().parts, { shape: 'in process' });
    const socket = new WebSocket(`${running.gateway.url.replace('http', 'ws')}/graphql`, [
      'graphql-transport-ws',
    ]);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.once('open', () => socket.send('{"type":'));
    expect(await closed).toBe(4400);
    expect((await running.post({ query: '{ rooms }' })).body).toMatchObject({ data: { rooms: 1 } });
  });

  test('a socket elsewhere than at /graphql is refused', async () => {
    const { gateway } = await runGateway(aRoom().parts, { shape: 'in process' });
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/other`, [
      'graphql-transport-ws',
    ]);
    const message = await new Promise<string>((resolve) =>
      socket.once('error', (error) => resolve(error.message)),
    );
    expect(message).toContain('404');
  });

  test.for(['//', '/%', '/graphql/', 'http://'])(
    'a socket at %s is refused, and the gateway lives on',
    async (path) => {
      const { gateway, post } = await runGateway(aRoom().parts, { shape: 'in process' });
      const asked = request({
        port: gateway.port,
        path,
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        },
      });
      const status = new Promise((resolve, reject) => {
        asked.once('response', ({ statusCode }) => resolve(statusCode));
        asked.once('error', reject);
      });
      asked.end();
      expect(await status).toBe(404);
      expect((await post({ query: '{ rooms }' })).body).toMatchObject({ data: { rooms: 1 } });
    },
  );
});
