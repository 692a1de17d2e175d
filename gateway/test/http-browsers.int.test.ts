import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { runGateway } from './running-gateway.ts';
import { catalogOf, shopsOf } from './small-graph.ts';

const world = () => [catalogOf(), shopsOf()];

describe('for pages of other sites', () => {
  test('a browser learns that any site may ask, without cookies', async () => {
    const { gateway } = await runGateway(world(), { shape: 'in process' });
    const asked = await fetch(`${gateway.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,authorization',
      },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe('*');
    expect(asked.headers.get('access-control-allow-headers')).toBe('content-type,authorization');
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('compression', () => {
  test.for(['br', 'gzip'])('a long answer is sent by %s to who accepts it', async (encoding) => {
    const { gateway } = await runGateway(world(), { shape: 'in process' });
    const ask = async (query: string) => {
      const { headers, body } = await request(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-encoding': encoding },
        body: JSON.stringify({ query }),
      });
      const bytes = Buffer.from(await body.arrayBuffer());
      return { encoding: headers['content-encoding'], bytes };
    };
    const long = await ask('{ __schema { types { name fields { name description } } } }');
    expect(long.encoding).toBe(encoding);
    const text = String(
      encoding === 'br' ? brotliDecompressSync(long.bytes) : gunzipSync(long.bytes),
    );
    expect(JSON.parse(text).data.__schema.types).not.toHaveLength(0);
    expect((await ask('{ __typename }')).encoding).toBeUndefined();
  });
});
