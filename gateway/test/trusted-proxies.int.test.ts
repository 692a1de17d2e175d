import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningGateway, runGateway } from './running-gateway.ts';
import { catalogOf, shopsOf } from './small-graph.ts';

const QUERY = '{ products { id } }';
const A = '198.51.100.7';
const B = '198.51.100.8';

const open = (TRUSTED_PROXIES: string[]): Promise<RunningGateway> =>
  runGateway([catalogOf(), shopsOf()], {
    shape: 'in process',
    env: { TRUSTED_PROXIES, QUOTAS: { guest: { maximum: 100, restoreRate: 0.001 } } },
  });

/** The code of the answer, or null where there is none. */
type Ask = (gateway: RunningGateway, address: string) => Promise<unknown>;

const byHttp: Ask = async ({ post }, address) =>
  (await post({ query: QUERY }, { 'x-forwarded-for': address })).body.errors?.[0]?.extensions
    .code ?? null;

const bySocket: Ask = async ({ gateway }, address) => {
  class Proxied extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { headers: { 'x-forwarded-for': address } });
    }
  }
  const client = createClient({
    url: `${gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: Proxied,
    retryAttempts: 0,
  });
  try {
    for await (const { errors } of client.iterate({ query: QUERY })) {
      return errors?.[0]?.extensions?.['code'] ?? null;
    }
    return null;
  } catch (error) {
    // A refusal ends the operation with its errors.
    return Array.isArray(error) ? error[0]?.extensions?.code : error;
  } finally {
    await client.dispose();
  }
};

/** Asks until the bucket of the address is empty. */
async function empty(ask: Ask, gateway: RunningGateway, address: string): Promise<void> {
  await expect.poll(() => ask(gateway, address), { timeout: 10_000 }).toBe('THROTTLED');
}

describe.for([
  ['HTTP', byHttp],
  ['a socket', bySocket],
] as const)('a guest over %s', ([, ask]) => {
  test('does not get another bucket by a header', async () => {
    const gateway = await open([]);
    await empty(ask, gateway, A);
    expect(await ask(gateway, B)).toBe('THROTTLED');
  });

  test('behind a trusted proxy has a bucket of their own', async () => {
    const gateway = await open(['127.0.0.0/8']);
    await empty(ask, gateway, A);
    expect(await ask(gateway, B)).toBeNull();
  });
});
