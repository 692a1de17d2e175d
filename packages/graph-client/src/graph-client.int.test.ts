import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createGraphClient,
  type Data,
  type GraphClient,
  type GraphClientOptions,
  type GraphStream,
} from './graph-client.ts';
import { type SmallGraph, startSmallGraph } from './server.fixture.ts';

let graph: SmallGraph;
const clients: GraphClient[] = [];
beforeEach(async () => {
  graph = await startSmallGraph();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await graph.close();
});

function connect(options: Omit<GraphClientOptions, 'url'> = {}): GraphClient {
  const client = createGraphClient({ url: graph.url, ...options });
  clients.push(client);
  return client;
}

async function collect(stream: GraphStream, field: string, most = 100): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const data of stream) {
    seen.push(data[field]);
    if (seen.length === most) break;
  }
  return seen;
}

describe('an operation over HTTP', () => {
  test('answers its data', async () => {
    const data = await connect().run('query ($name: String!) { hello(name: $name) }', {
      name: 'Ada',
    });

    expect(data).toEqual({ hello: 'hello Ada' });
  });

  test('goes as a hash where that is wanted, with its text the first time', async () => {
    const client = connect({ sendsHashes: true });
    const ask = (name: string) =>
      client.run('query ($name: String!) { hello(name: $name) }', { name });

    expect(await ask('Ada')).toEqual({ hello: 'hello Ada' });
    expect(await ask('Grace')).toEqual({ hello: 'hello Grace' });
    expect(graph.log).toEqual(['hash', 'hash and text', 'hash']);
  });

  test('goes with the token of who sends it', async () => {
    expect(await connect({ token: 'abc' }).run('{ token }')).toEqual({ token: 'Bearer abc' });
    expect(await connect().run('{ token }')).toEqual({ token: null });
  });

  test('with an error throws it with its path, and `send` answers it beside the data', async () => {
    const client = connect();

    await expect(client.run('{ broken }')).rejects.toThrow('it broke (broken)');
    expect(await client.send('{ broken }')).toMatchObject({
      status: 200,
      data: { broken: null },
      errors: [{ message: 'it broke', path: ['broken'] }],
    });
  });

  test('with variables that do not fit answers status and errors, and no data', async () => {
    const { status, data, errors } = await connect().send(
      'query ($name: String!) { hello(name: $name) }',
    );

    expect([status, data]).toEqual([400, null]);
    expect(errors[0]?.message).toContain('$name');
  });

  test('that something else than a graph answers says what it was', async () => {
    const sending = connect().send('{ token }', {}, { 'x-broken-proxy': 'yes' });

    await expect(sending).rejects.toThrow(`${graph.url} answered 502 and no JSON`);
  });

  test('to nobody fails', async () => {
    const { url, close } = await startSmallGraph();
    await close();
    const client = createGraphClient({ url });
    clients.push(client);

    await expect(client.run('{ token }')).rejects.toThrow('ECONNREFUSED');
  });
});

const subscriptions = [
  ['WebSocket', (client: GraphClient) => client.subscribe],
  ['server-sent events', (client: GraphClient) => client.subscribeSse],
] as const;

describe.for(subscriptions)('a subscription over %s', ([, subscribeOf]) => {
  test('gives every event in order and ends with the server’s end', async () => {
    const stream = subscribeOf(connect())('subscription ($to: Int!) { count(to: $to) }', { to: 4 });

    expect(await collect(stream, 'count')).toEqual([1, 2, 3, 4]);
  });

  test('ends on the server when the reader has enough', async () => {
    const stream = subscribeOf(connect())('subscription { clock }');

    expect(await collect(stream, 'clock', 2)).toEqual([1, 2]);
    await expect.poll(graph.openStreams).toBe(0);
  });

  test('that is ended while it waits for an event waits no longer', async () => {
    const stream = subscribeOf(connect())('subscription { clock }');
    await stream.next();

    const [after] = await Promise.all([stream.return(), stream.next().catch(() => null)]);

    expect(after.done).toBe(true);
    await expect.poll(graph.openStreams).toBe(0);
  });

  test('ends with its client', async () => {
    const client = connect();
    const stream = subscribeOf(client)('subscription { clock }');
    await stream.next();

    await client.close();

    await expect.poll(graph.openStreams).toBe(0);
  });

  test('throws what the server refuses with', async () => {
    const stream = subscribeOf(connect())('subscription { nothing }');

    await expect(collect(stream, 'nothing')).rejects.toThrow();
  });

  test('throws the errors of an event', async () => {
    const stream = subscribeOf(connect())('subscription { flawed }');

    expect((await stream.next()).value).toEqual({ flawed: 1 });
    await expect(stream.next()).rejects.toThrow('non-nullable');
  });

  test('goes with the token of who subscribes', async () => {
    await collect(subscribeOf(connect({ token: 'abc' }))('subscription { clock }'), 'clock', 1);
    await collect(subscribeOf(connect())('subscription { clock }'), 'clock', 1);

    expect(graph.log.map((line) => line.replace(/^\w+ /, ''))).toEqual(['Bearer abc', 'guest']);
  });
});

describe('a WebSocket', () => {
  test('is one for all subscriptions of a client', async () => {
    const client = connect();
    const both: Data[] = await Promise.all(
      [1, 2].map(async (to) =>
        collect(client.subscribe('subscription ($to: Int!) { count(to: $to) }', { to }), 'count'),
      ),
    );

    expect(both).toEqual([[1], [1, 2]]);
    expect(graph.log).toEqual(['ws guest']);
  });

  test('that the server does not let in throws', async () => {
    const stream = connect({ token: 'forged' }).subscribe('subscription { clock }');

    await expect(stream.next()).rejects.toMatchObject({ code: 4403 });
  });

  test('that is cut ends its streams with an error, and the server’s side with them', async () => {
    const client = connect();
    const stream = client.subscribe('subscription { clock }');
    await stream.next();
    client.cut();

    await expect(collect(stream, 'clock')).rejects.toBeDefined();
    await expect.poll(graph.openStreams).toBe(0);
  });

  test('that is cut is opened again where the client asked for that', async () => {
    const client = connect({ retryAttempts: 5 });
    const stream = client.subscribe('subscription { clock }');
    await stream.next();
    client.cut();

    await expect
      .poll(
        async () => {
          await stream.next();
          return graph.log;
        },
        // Whoever connects again waits some seconds first, so that not all do at once.
        { timeout: 20_000 },
      )
      .toEqual(['ws guest', 'ws guest']);
    await stream.return();
  });
});
