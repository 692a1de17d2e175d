import { aViewer } from '@vitrine/testkit/viewers';
import { createClient as createStreamClient } from 'graphql-sse';
import type { Client } from 'graphql-ws';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { pushStream } from '../src/subscriptions/streams.ts';
import { type RunningGateway, runGateway, type Shape, shapes } from './running-gateway.ts';
import {
  catalogOf,
  productId,
  type SmallContext,
  shopsOf,
  small,
  socialOf,
} from './small-graph.ts';

const EVENTS = `subscription Room($roomId: ID!) {
  roomEvents(roomId: $roomId) { text product { title shop { name } } }
}`;
const subscription = { query: EVENTS, variables: { roomId: 'liv_1' } };
const sold = { text: 'sold', product: { id: productId } };
const shown = {
  data: {
    roomEvents: {
      text: 'sold',
      product: { title: `Title of ${productId}`, shop: { name: 'Batik House' } },
    },
  },
};

interface RoomEvent {
  readonly text: string;
  readonly product?: object;
}

/** A room that tells everybody in it, and knows who has come and gone. */
function aRoom() {
  const readers = new Set<ReturnType<typeof pushStream<RoomEvent>>>();
  const viewers: unknown[] = [];
  const social = socialOf((_root, _args, { scope }: SmallContext) => {
    viewers.push(scope.viewer);
    const reader = pushStream<RoomEvent>(() => readers.delete(reader), {
      limit: 1_000,
      tooSlow: () => new Error('too slow'),
    });
    readers.add(reader);
    return reader.stream;
  });
  return {
    parts: [catalogOf(), shopsOf(), social],
    viewers,
    get readers() {
      return readers.size;
    },
    tell(event: RoomEvent) {
      for (const { push } of readers) push(event);
    },
    close() {
      for (const { finish } of readers) finish();
    },
  };
}

/** What a subscriber receives, until it leaves. */
interface Subscriber {
  readonly received: unknown[];
  readonly isOver: () => boolean;
  readonly failure: () => unknown;
  leave(): void;
}

function overWebSocket(client: Client, payload: { query: string; variables?: object }): Subscriber {
  const received: unknown[] = [];
  let isOver = false;
  let failure: unknown;
  const leave = client.subscribe(
    { query: payload.query, variables: { ...payload.variables } },
    {
      next: (result) => received.push(result),
      error: (error) => {
        failure = error;
        isOver = true;
      },
      complete: () => {
        isOver = true;
      },
    },
  );
  return { received, isOver: () => isOver, failure: () => failure, leave };
}

function overEventStream(
  { gateway }: RunningGateway,
  payload: { query: string; variables?: object },
  headers: Record<string, string> = {},
): Subscriber {
  const received: unknown[] = [];
  let isOver = false;
  let failure: unknown;
  const client = createStreamClient({ url: `${gateway.url}/graphql`, headers, retryAttempts: 0 });
  onTestFinished(() => client.dispose());
  const leave = client.subscribe(
    { query: payload.query, variables: { ...payload.variables } },
    {
      next: (result) => received.push(result),
      error: (error) => {
        failure = error;
        isOver = true;
      },
      complete: () => {
        isOver = true;
      },
    },
  );
  return { received, isOver: () => isOver, failure: () => failure, leave };
}

const transports = ['WebSocket', 'event stream'] as const;
type Transport = (typeof transports)[number];

const subscribeOver = (
  transport: Transport,
  running: RunningGateway,
  payload: { query: string; variables?: object } = subscription,
): Subscriber =>
  transport === 'WebSocket'
    ? overWebSocket(running.socket(), payload)
    : overEventStream(running, payload);

const ways: readonly (readonly [Transport, Shape])[] = transports.flatMap((transport) =>
  shapes.map((shape) => [transport, shape] as const),
);

describe.for(ways)('over %s, with subgraphs %s', ([transport, shape]) => {
  test('an event carries fields of every subgraph, in order, until the room closes', async () => {
    const room = aRoom();
    const running = await runGateway(room.parts, { shape });
    const subscriber = subscribeOver(transport, running);
    await expect.poll(() => room.readers).toBe(1);

    room.tell({ text: 'hello' });
    room.tell(sold);
    room.close();

    await expect.poll(subscriber.isOver).toBe(true);
    expect(subscriber.failure()).toBeUndefined();
    expect(subscriber.received).toEqual([
      { data: { roomEvents: { text: 'hello', product: null } } },
      shown,
    ]);
  });

  test('a client that leaves ends the upstream, although no event comes', async () => {
    const room = aRoom();
    const running = await runGateway(room.parts, { shape });
    const subscriber = subscribeOver(transport, running);
    await expect.poll(() => room.readers).toBe(1);
    subscriber.leave();
    await expect.poll(() => room.readers).toBe(0);
  });

  test('a query and a mutation work there, too', async () => {
    const running = await runGateway(aRoom().parts, { shape });
    const query = subscribeOver(transport, running, {
      query: `{ product(id: "${productId}") { shop { name } } }`,
    });
    await expect.poll(query.isOver).toBe(true);
    expect(query.received).toEqual([{ data: { product: { shop: { name: 'Batik House' } } } }]);

    const mutation = subscribeOver(transport, running, {
      query: 'mutation ($id: ID!) { renameProduct(id: $id, title: "New") { title } }',
      variables: { id: productId },
    });
    await expect.poll(mutation.isOver).toBe(true);
    expect(mutation.received).toEqual([{ data: { renameProduct: { title: 'New' } } }]);
  });

  test('every event is read in a context of its own', async () => {
    const contexts = new Set<SmallContext>();
    const texts = pushStream<RoomEvent>(() => {}, {
      limit: 10,
      tooSlow: () => new Error('too slow'),
    });
    const social = socialOf(() => texts.stream, {
      RoomEvent: {
        text({ text }: RoomEvent, _args: object, context: SmallContext) {
          contexts.add(context);
          return text;
        },
      },
    });
    const running = await runGateway([catalogOf(), shopsOf(), social], { shape });
    const subscriber = subscribeOver(transport, running);
    for (const text of ['one', 'two', 'three']) texts.push({ text });
    await expect.poll(() => subscriber.received.length).toBe(3);
    expect(contexts.size).toBe(3);
  });

  test('a stream that breaks inside tells the client so, without telling why', async () => {
    async function* breaking() {
      yield { text: 'hello' };
      throw new Error('ECONNRESET hunter2');
    }
    const social = socialOf(() => breaking());
    const running = await runGateway([catalogOf(), shopsOf(), social], { shape });
    const subscriber = subscribeOver(transport, running);
    await expect.poll(subscriber.isOver).toBe(true);
    const told = JSON.stringify([subscriber.received, subscriber.failure()]);
    expect(told).toContain('hello');
    expect(told).toContain('INTERNAL_SERVER_ERROR');
    expect(told).not.toContain('hunter2');
  });
});

test('two hundred guests of a room see the same events in the same order', async () => {
  const room = aRoom();
  const running = await runGateway(room.parts, { shape: 'in process' });
  const subscribers = Array.from({ length: 200 }, () =>
    overWebSocket(running.socket(), subscription),
  );
  await expect.poll(() => room.readers, { timeout: 10_000 }).toBe(200);
  const texts = Array.from({ length: 20 }, (_, index) => `event ${index}`);
  for (const text of texts) room.tell({ text });
  room.close();
  await expect
    .poll(() => subscribers.every(({ isOver }) => isOver()), { timeout: 10_000 })
    .toBe(true);
  const expected = texts.map((text) => ({ data: { roomEvents: { text, product: null } } }));
  for (const { received } of subscribers) expect(received).toEqual(expected);
});

test('the metrics tell of open sockets and running subscriptions, and forget them', async () => {
  const room = aRoom();
  const running = await runGateway(room.parts, { shape: 'in process' });
  const told = async () => {
    const text = await (await fetch(`${running.gateway.url}/metrics`)).text();
    const value = (name: string) =>
      Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    return [
      value('vitrine_gateway_open_sockets'),
      value('vitrine_gateway_active_subscriptions{transport="ws"}'),
    ];
  };
  await expect.poll(told).toEqual([0, 0]);
  const client = running.socket();
  const subscribers = [overWebSocket(client, subscription), overWebSocket(client, subscription)];
  await expect.poll(told).toEqual([1, 2]);
  for (const { leave } of subscribers) leave();
  await expect.poll(told).toEqual([0, 0]);
});

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
      await expect.poll(() => room.readers).toBe(3);
      expect(room.viewers).toEqual(expect.arrayContaining([aViewer(), aViewer(), null]));
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
    expect((await running.post({ query: '{ rooms }' })).body).toEqual({ data: { rooms: 1 } });
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
});

test('a gateway that closes says so to its sockets (1001) and ends its streams', async () => {
  const room = aRoom();
  const running = await runGateway(room.parts, { shape: 'in process' });
  const socket = overWebSocket(running.socket(), subscription);
  const stream = overEventStream(running, subscription);
  await expect.poll(() => room.readers).toBe(2);

  await running.gateway.close();

  await expect.poll(socket.failure).toMatchObject({ code: 1001 });
  await expect.poll(stream.isOver).toBe(true);
  await expect.poll(() => room.readers).toBe(0);
  await expect(fetch(`${running.gateway.url}/healthz`)).rejects.toThrow();
});
