import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEADLINE_HEADER } from '@vitrine/platform/deadline';
import { metrics } from '@vitrine/platform/metrics';
import { VIEWER_HEADER, viewerSigner } from '@vitrine/platform/viewer';
import { aViewer } from '@vitrine/testkit/viewers';
import { expect, onTestFinished, test } from 'vitest';
import { guest, silent } from '../../test/small-graph.ts';
import type { SubgraphAnswer, SubgraphSource } from '../execution/source.ts';
import { type RemoteSubgraph, remoteSource, type Timeouts } from './remote-source.ts';
import { viewerHeaders } from './viewer-headers.ts';

const signer = viewerSigner('a-secret-of-at-least-thirty-two-characters');
const quick: Timeouts = { connect: 500, headers: 300, body: 300 };
const query = { document: '{ shop }', variables: {} };
const mutation = { document: 'mutation { open }', variables: {} };

async function listen(handler: RequestListener, port = 0): Promise<Server> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => stop(server));
  return server;
}

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const portOf = (server: Server): number => (server.address() as AddressInfo).port; // listens on TCP

function sourceAt(port: number, given: Partial<RemoteSubgraph> = {}): SubgraphSource {
  const source = remoteSource({
    name: 'shops',
    url: `http://127.0.0.1:${port}/graphql`,
    viewerHeaders: viewerHeaders(signer),
    logger: silent,
    timeouts: quick,
    ...given,
  });
  onTestFinished(() => source.close());
  return source;
}

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const part of request) text += String(part);
  return JSON.parse(text);
}

const answering =
  (answer: unknown, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  };

test('a fetch carries the document, its variables, the viewer, the languages and the request id', async () => {
  const seen: { headers: IncomingMessage['headers']; body: unknown }[] = [];
  const server = await listen(async (request, response) => {
    seen.push({ headers: request.headers, body: await read(request) });
    answering({ data: { shop: 'Batik House' } })(request, response);
  });

  const answer = await sourceAt(portOf(server)).fetch(
    { document: 'query S($id: ID!) { shop(id: $id) }', operationName: 'S', variables: { id: '1' } },
    { viewer: aViewer(), requestId: 'req-7', languages: ['id', 'en'] },
  );

  expect(answer).toEqual({ data: { shop: 'Batik House' } });
  expect(seen[0]?.body).toEqual({
    query: 'query S($id: ID!) { shop(id: $id) }',
    operationName: 'S',
    variables: { id: '1' },
  });
  const headers = seen[0]?.headers ?? {};
  expect(headers).toMatchObject({ 'x-request-id': 'req-7', 'accept-language': 'id,en' });
  expect(await signer.verify(String(headers[VIEWER_HEADER]))).toEqual(aViewer());
});

test('a guest has no viewer header', async () => {
  let header: unknown = 'not asked yet';
  const server = await listen((request, response) => {
    header = request.headers[VIEWER_HEADER];
    answering({ data: {} })(request, response);
  });
  await sourceAt(portOf(server)).fetch(query, guest());
  expect(header).toBeUndefined();
});

test('many fetches share connections that stay open', async () => {
  let connections = 0;
  const server = await listen(answering({ data: { shop: 'x' } }));
  server.on('connection', () => (connections += 1));
  const source = sourceAt(portOf(server));
  for (let i = 0; i < 10; i += 1) await source.fetch(query, guest());
  expect(connections).toBeLessThan(4);
});

test('a subgraph that is not there is named, and found again when it comes back', async () => {
  const first = await listen(answering({ data: { shop: 'before' } }));
  const port = portOf(first);
  const source = sourceAt(port);
  expect(await source.fetch(query, guest())).toEqual({ data: { shop: 'before' } });

  await stop(first);
  expect(await source.fetch(query, guest())).toEqual({
    errors: [
      {
        message: 'The shops service is not available.',
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'shops' },
      },
    ],
  });

  await listen(answering({ data: { shop: 'after' } }), port);
  expect(await source.fetch(query, guest())).toEqual({ data: { shop: 'after' } });
});

test.for([
  ['never answers', () => {}],
  [
    'stops in the middle of its answer',
    (_request: IncomingMessage, response: Parameters<RequestListener>[1]) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"data":');
    },
  ],
] as const)('a subgraph that %s is given up after a while and named', async ([, handler]) => {
  const server = await listen(handler);
  const { errors } = await sourceAt(portOf(server)).fetch(query, guest());
  expect(errors?.[0]?.extensions).toEqual({ code: 'SUBGRAPH_TIMEOUT', serviceName: 'shops' });
});

test.for([
  ['no JSON', '<html>Bad Gateway</html>', 502, 'SUBGRAPH_UNAVAILABLE'],
  ['a redirect', '', 302, 'SUBGRAPH_UNAVAILABLE'],
  ['JSON that is no GraphQL result', '{"status":"starting"}', 200, 'SUBGRAPH_ANSWER_INVALID'],
  ['errors that are no errors', '{"errors":"none"}', 200, 'SUBGRAPH_ANSWER_INVALID'],
] as const)('an answer of %s is a failure of the subgraph', async ([, body, status, code]) => {
  const server = await listen(answering(body, status));
  const answer = await sourceAt(portOf(server)).fetch(query, guest());
  expect(answer.errors?.[0]?.extensions).toEqual({ code, serviceName: 'shops' });
});

test('a refusal of the subgraph is passed on; its inner failures and our own mistakes are not', async () => {
  const server = await listen(
    answering({
      data: { shop: null },
      errors: [
        { message: 'You may not do this.', path: ['shop'], extensions: { code: 'FORBIDDEN' } },
        { message: 'E11000 duplicate key', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
        { message: 'no field nope', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
        { message: 'without a code' },
      ],
    }),
  );
  const { errors, data } = await sourceAt(portOf(server)).fetch(query, guest());
  expect(data).toEqual({ shop: null });
  expect(errors?.map(({ message }) => message)).toEqual([
    'You may not do this.',
    'Something went wrong on our side.',
    'Something went wrong on our side.',
    'Something went wrong on our side.',
  ]);
});

test('a query whose connection broke is sent again once; a mutation never is', async () => {
  let received = 0;
  const server = await listen((request) => {
    received += 1;
    request.socket.destroy();
  });
  const source = sourceAt(portOf(server));

  expect((await source.fetch(mutation, guest())).errors?.[0]?.extensions).toEqual({
    code: 'SUBGRAPH_UNAVAILABLE',
    serviceName: 'shops',
  });
  expect(received).toBe(1);

  await source.fetch(query, guest());
  expect(received).toBe(3);
});

const codeOf = ({ errors }: SubgraphAnswer): unknown => errors?.[0]?.extensions?.['code'];

test('a fetch says how long somebody waits, which is never longer than the subgraph may take', async () => {
  const seen: number[] = [];
  const server = await listen((request, response) => {
    seen.push(Number(request.headers[DEADLINE_HEADER]));
    answering({ data: { shop: 'x' } })(request, response);
  });
  const source = sourceAt(portOf(server));
  await source.fetch(query, guest());
  await source.fetch(query, { ...guest(), deadline: Date.now() + 60_000 });
  await source.fetch(query, { ...guest(), deadline: Date.now() + 200 });
  const [alone, patient, hurried] = seen;
  expect([alone, patient]).toEqual([600, 600]);
  expect(hurried).toBeLessThanOrEqual(200);
  expect(hurried).toBeGreaterThan(100);
});

test('a fetch ends at the deadline of its operation, its connection with it', async () => {
  let isClosed = false;
  const server = await listen((request) => {
    request.socket.on('close', () => {
      isClosed = true;
    });
  });
  const source = sourceAt(portOf(server), {
    timeouts: { connect: 500, headers: 60_000, body: 60_000 },
  });
  const began = performance.now();
  const answer = await source.fetch(query, { ...guest(), deadline: Date.now() + 100 });
  expect(codeOf(answer)).toBe('SUBGRAPH_TIMEOUT');
  expect(performance.now() - began).toBeLessThan(1_000);
  await expect.poll(() => isClosed).toBe(true);
});

test('nothing is sent for an operation whose deadline has passed', async () => {
  let received = 0;
  const server = await listen((request, response) => {
    received += 1;
    answering({ data: { shop: 'x' } })(request, response);
  });
  const answer = await sourceAt(portOf(server)).fetch(query, {
    ...guest(),
    deadline: Date.now() - 1,
  });
  expect(codeOf(answer)).toBe('SUBGRAPH_TIMEOUT');
  expect(received).toBe(0);
});

test('a subgraph that says the deadline has passed was too slow', async () => {
  const server = await listen(
    answering({ errors: [{ message: 'x', extensions: { code: 'DEADLINE_EXCEEDED' } }] }, 503),
  );
  expect(codeOf(await sourceAt(portOf(server)).fetch(query, guest()))).toBe('SUBGRAPH_TIMEOUT');
});

test('so many fetches run, so many wait, and more are refused; all others are answered', async () => {
  const open: (() => void)[] = [];
  const server = await listen((request, response) => {
    open.push(() => answering({ data: { shop: 'x' } })(request, response));
  });
  const source = sourceAt(portOf(server), {
    admission: { running: 2, waiting: 1 },
    timeouts: { connect: 500, headers: 5_000, body: 5_000 },
  });
  const ask = () => source.fetch(query, guest());
  const admitted = [ask(), ask(), ask()];
  expect((await ask()).errors?.[0]).toEqual({
    message: 'The shops service has too much to do.',
    extensions: { code: 'SUBGRAPH_OVERLOADED', serviceName: 'shops' },
  });
  await expect.poll(() => open.length).toBe(2);
  for (const answer of open.splice(0)) answer();
  await expect.poll(() => open.length).toBe(1);
  for (const answer of open.splice(0)) answer();
  for (const answer of await Promise.all(admitted)) expect(answer).toEqual({ data: { shop: 'x' } });
});

test('one that waits its whole time without a place has timed out', async () => {
  const server = await listen(() => {});
  const source = sourceAt(portOf(server), {
    admission: { running: 1, waiting: 1 },
    timeouts: { connect: 500, headers: 5_000, body: 5_000 },
  });
  const first = source.fetch(query, { ...guest(), deadline: Date.now() + 400 });
  const second = await source.fetch(query, { ...guest(), deadline: Date.now() + 100 });
  expect(codeOf(second)).toBe('SUBGRAPH_TIMEOUT');
  expect(codeOf(await first)).toBe('SUBGRAPH_TIMEOUT');
});

test('a circuit opens, probes and closes, and metrics tell', async () => {
  let isDown = true;
  let received = 0;
  const server = await listen((request, response) => {
    received += 1;
    answering(isDown ? 'down' : { data: { shop: 'x' } }, isDown ? 500 : 200)(request, response);
  });
  const source = sourceAt(portOf(server), {
    name: 'circuit-of-a-test',
    circuit: { failures: 2, openMs: 50, longestOpenMs: 50 },
  });
  const state = async () =>
    /vitrine_gateway_subgraph_circuit\{subgraph="circuit-of-a-test"\} (\d)/.exec(
      await metrics.metrics(),
    )?.[1];
  expect(await state()).toBe('0');
  await source.fetch(query, guest());
  await source.fetch(query, guest());
  expect(await state()).toBe('2');
  expect(codeOf(await source.fetch(query, guest()))).toBe('SUBGRAPH_UNAVAILABLE');
  expect(received).toBe(2);

  isDown = false;
  await expect.poll(() => source.fetch(query, guest())).toEqual({ data: { shop: 'x' } });
  expect(await state()).toBe('0');
});

test('clients in a hurry do not make a slow subgraph count as unwell', async () => {
  let isSlow = true;
  const server = await listen((request, response) => {
    if (!isSlow) answering({ data: { shop: 'x' } })(request, response);
  });
  const source = sourceAt(portOf(server), {
    circuit: { failures: 2, openMs: 60_000, longestOpenMs: 60_000 },
  });
  for (let i = 0; i < 4; i += 1) {
    const answer = await source.fetch(query, { ...guest(), deadline: Date.now() + 20 });
    expect(codeOf(answer)).toBe('SUBGRAPH_TIMEOUT');
  }
  isSlow = false;
  expect(await source.fetch(query, guest())).toEqual({ data: { shop: 'x' } });
});

test('a query met by a proxy without a subgraph behind it is sent again', async () => {
  let received = 0;
  const server = await listen((request, response) => {
    received += 1;
    const isFirst = received === 1;
    answering(isFirst ? 'none' : { data: { shop: 'x' } }, isFirst ? 503 : 200)(request, response);
  });
  expect(await sourceAt(portOf(server)).fetch(query, guest())).toEqual({ data: { shop: 'x' } });
  expect(received).toBe(2);
});

test('retries end with their budget, so that they never double the load of trouble', async () => {
  let received = 0;
  const server = await listen((request) => {
    received += 1;
    request.socket.destroy();
  });
  const source = sourceAt(portOf(server), {
    circuit: { failures: 1_000, openMs: 1, longestOpenMs: 1 },
  });
  for (let i = 0; i < 30; i += 1) await source.fetch(query, guest());
  expect(received).toBe(30 + 10);
});
