import { subgraphTest } from '@vitrine/testkit/subgraph';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { departureOf, openBrowser, pageOf } from './browser.fixture.ts';
import { ask, runOAuth } from './oauth-server.fixture.ts';

const test = subgraphTest(accounts);

describe('a request', () => {
  const refusedWith = async (
    client: Parameters<typeof ask>[0],
    changes: Parameters<typeof ask>[1],
  ) => {
    const asked = await ask(client, changes);
    const back = departureOf(await openBrowser(asked.url.origin).open(asked.url));
    expect(back.origin + back.pathname).toBe(client.redirectUri);
    expect(back.searchParams.get('state')).toBe(asked.state);
    return back.searchParams.get('error');
  };

  test.for([
    ['without PKCE', { code_challenge: null, code_challenge_method: null }],
    ['that takes PKCE down to plain', { code_challenge_method: 'plain' }],
    ['that leaves the method out', { code_challenge_method: null }],
  ] as const)(
    '%s is refused, whichever kind of app sends it',
    async ([, changes], { subgraph }) => {
      const server = await runOAuth(subgraph);
      for (const kind of ['PUBLIC', 'CONFIDENTIAL'] as const) {
        expect(await refusedWith(await server.client(kind), changes)).toBe('invalid_request');
      }
    },
  );

  test('for a token in the address, or an ID token, is refused', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    for (const response_type of ['token', 'id_token', 'code id_token']) {
      const asked = await ask(client, { response_type });
      const back = departureOf(await openBrowser(asked.url.origin).open(asked.url));
      expect(`${back.search}${back.hash}`).toContain('error=unsupported_response_type');
    }
  });

  test.for([
    ['no scope', { scope: null }],
    ['only scopes that do not exist', { scope: 'everything' }],
    ['a scope that the app has not registered', { scope: 'stock:read orders:cancel' }],
    ['an identity', { scope: 'openid stock:read' }],
  ] as const)('for %s is refused', async ([, changes], { subgraph }) => {
    const server = await runOAuth(subgraph);
    expect(await refusedWith(await server.client('PUBLIC'), changes)).toBe('invalid_scope');
  });

  test.for([
    ['of another site', 'https://evil.example/callback'],
    ['below a registered one', 'https://app.example/callback/deeper'],
    ['with a query of its own', 'https://app.example/callback?next=https://evil.example'],
    ['that begins like a registered one', 'https://app.example.evil.example/callback'],
    ['with a user in it', 'https://app.example@evil.example/callback'],
    ['of a script', 'javascript:alert(1)'],
    ['that is left out', null],
  ] as const)('for an address %s sends nobody anywhere', async ([, redirect_uri], { subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const asked = await ask(client, { redirect_uri });
    const page = pageOf(await openBrowser(asked.url.origin).open(asked.url));

    expect(page.status).toBe(400);
    expect(page.html).toContain('Nothing was granted');
    expect(page.html).not.toContain('evil.example');
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  test('of no app is told to the person alone, without markup of whoever made it up', async ({
    subgraph,
  }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const asked = await ask(client, { client_id: '<img src=x>' });
    const page = pageOf(await openBrowser(asked.url.origin).open(asked.url));
    expect(page.status).toBe(400);
    expect(page.html).not.toContain('<img src=x>');
  });
});
