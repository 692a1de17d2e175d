import { describe, expect, test } from 'vitest';
import { pushStream } from '../src/subscriptions/streams.ts';
import {
  aRoom,
  overEventStream,
  overWebSocket,
  type RoomEvent,
  shown,
  sold,
  subscribeOver,
  subscription,
  type Transport,
  transports,
} from './live-room.ts';
import { runGateway, type Shape, shapes } from './running-gateway.ts';
import { catalogOf, productId, type SmallContext, shopsOf, socialOf } from './small-graph.ts';

const ways: readonly (readonly [Transport, Shape])[] = transports.flatMap((transport) =>
  shapes.map((shape) => [transport, shape] as const),
);

describe.for(shapes)('with subgraphs %s', (shape) => {
  test('a hundred equal clients, over whichever transport, are one upstream', async () => {
    const room = aRoom();
    const running = await runGateway(room.parts, { shape });
    const subscribers = Array.from({ length: 100 }, (_, at) =>
      at % 10 === 0
        ? overEventStream(running, subscription)
        : overWebSocket(running.socket(), subscription),
    );
    // Everybody is there once an event has reached her.
    await expect
      .poll(
        () => {
          room.tell(sold);
          return subscribers.every(({ received }) => received.length > 0);
        },
        { timeout: 10_000 },
      )
      .toBe(true);
    expect(room.viewers).toHaveLength(1);
    // They are in a hundred places.
    expect(room.origins).toEqual([undefined]);
    expect(room.readers).toBe(1);
    // The subgraph knows how many are behind the one.
    await expect.poll(() => room.audience()).toBe(100);
    for (const { leave } of subscribers.slice(1)) leave();
    await expect.poll(() => room.audience()).toBe(1);
  });
});

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
    expect(query.received).toMatchObject([
      { data: { product: { shop: { name: 'Batik House' } } } },
    ]);

    const mutation = subscribeOver(transport, running, {
      query: 'mutation ($id: ID!) { renameProduct(id: $id, title: "New") { title } }',
      variables: { id: productId },
    });
    await expect.poll(mutation.isOver).toBe(true);
    expect(mutation.received).toMatchObject([{ data: { renameProduct: { title: 'New' } } }]);
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
  const subscribed = async () => {
    const text = await (await fetch(`${running.gateway.url}/metrics`)).text();
    return Number(/^vitrine_gateway_subscribers\{transport="ws"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  await expect.poll(subscribed, { timeout: 10_000 }).toBe(200);
  expect(room.readers).toBe(1);
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

test('a gateway that closes says so to its sockets (1012) and ends its streams', async () => {
  const room = aRoom();
  const running = await runGateway(room.parts, { shape: 'in process' });
  const socket = overWebSocket(running.socket(), subscription);
  const stream = overEventStream(running, { ...subscription, variables: { roomId: 'liv_2' } });
  await expect.poll(() => room.readers).toBe(2);

  await running.gateway.close();

  await expect.poll(socket.failure).toMatchObject({ code: 1012 });
  await expect.poll(stream.isOver).toBe(true);
  await expect.poll(() => room.readers).toBe(0);
  await expect(fetch(`${running.gateway.url}/healthz`)).rejects.toThrow();
});
