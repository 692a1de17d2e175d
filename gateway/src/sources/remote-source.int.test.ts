import type { IncomingMessage, RequestListener } from 'node:http';
import { VIEWER_HEADER } from '@vitrine/platform/viewer';
import { aViewer } from '@vitrine/testkit/viewers';
import { expect, test } from 'vitest';
import { guest } from '../../test/small-graph.ts';
import {
  answering,
  codeOf,
  listen,
  mutation,
  portOf,
  query,
  read,
  signer,
  sourceAt,
  stop,
} from './remote.fixture.ts';

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
  expect(await signer.verify(String(headers[VIEWER_HEADER]))).toEqual({
    viewer: aViewer(),
    origin: null,
  });
});

test('a guest has a viewer header as well, with where they are', async () => {
  let header: unknown;
  const server = await listen((request, response) => {
    header = request.headers[VIEWER_HEADER];
    answering({ data: {} })(request, response);
  });
  const origin = { address: '198.51.100.7', userAgent: null };
  await sourceAt(portOf(server)).fetch(query, { ...guest(), origin });
  expect(await signer.verify(String(header))).toEqual({ viewer: null, origin });
});

test('a subgraph that does not believe our header is away, not the client signed out', async () => {
  const refusal = { message: 'no', extensions: { code: 'VIEWER_HEADER_REFUSED' } };
  const server = await listen(answering({ errors: [refusal] }, 401));
  expect(codeOf(await sourceAt(portOf(server)).fetch(query, guest()))).toBe('SUBGRAPH_UNAVAILABLE');
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
