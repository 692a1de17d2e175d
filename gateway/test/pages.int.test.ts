import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { runGateway, shapes } from './running-gateway.ts';
import { catalogOf, type SmallSubgraph } from './small-graph.ts';

/** A subgraph that tells what reaches its pages. */
const withPages = (): SmallSubgraph[] => [
  {
    ...catalogOf(),
    pages: {
      paths: ['/echo', '/.well-known/echo'],
      routes: () => async (app) => {
        app.removeAllContentTypeParsers();
        app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
          done(null, body),
        );
        app.all('/echo/*', async ({ method, url, headers, body, ip }, reply) =>
          reply
            .code(299)
            .header('x-page', 'mine')
            .header('set-cookie', ['a=1', 'b=2'])
            .send({
              method,
              url,
              host: headers.host,
              client: headers['x-forwarded-for'] ?? ip,
              body: Buffer.isBuffer(body) ? body.toString('hex') : null,
            }),
        );
        app.get('/.well-known/echo', async () => ({ known: true }));
        app.get('/echo/away', async (_request, reply) =>
          reply.redirect('https://elsewhere.example/'),
        );
      },
    },
  },
];

describe.for(shapes)('pages of a subgraph, %s', (shape) => {
  test('are served by the gateway at their own paths, with bodies and headers as they are', async () => {
    const { gateway } = await runGateway(withPages(), { shape });

    const { statusCode, headers, body } = await request(`${gateway.url}/echo/a/b?c=d&e=%2F`, {
      method: 'PUT',
      headers: { 'content-type': 'image/png' },
      body: Buffer.from([0, 255, 10, 13]),
    });

    expect(statusCode).toBe(299);
    expect(headers['x-page']).toBe('mine');
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(await body.json()).toEqual({
      method: 'PUT',
      url: '/echo/a/b?c=d&e=%2F',
      host: new URL(gateway.url).host,
      client: '127.0.0.1',
      body: '00ff0a0d',
    });
  });

  test('are reached by an exact path, and redirect the client instead of being followed', async () => {
    const { gateway } = await runGateway(withPages(), { shape });

    const known = await request(`${gateway.url}/.well-known/echo`);
    expect(await known.body.json()).toEqual({ known: true });
    const away = await request(`${gateway.url}/echo/away`);
    expect([away.statusCode, away.headers.location]).toEqual([302, 'https://elsewhere.example/']);
    await away.body.dump();
  });

  test('take nothing from the graph: JSON of GraphQL is still read there', async () => {
    const { post } = await runGateway(withPages(), { shape });
    const { body } = await post({ query: '{ __typename }' });
    expect(body.data).toEqual({ __typename: 'Query' });
  });
});

test('a page of a subgraph that is away is an answer of its own, not a hanging request', async () => {
  const { gateway, stopSubgraph } = await runGateway(withPages(), { shape: 'over HTTP' });
  await stopSubgraph('catalog');

  const { statusCode, body } = await request(`${gateway.url}/.well-known/echo`);

  expect(statusCode).toBe(503);
  expect(await body.json()).toMatchObject({
    errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'catalog' } }],
  });
});
