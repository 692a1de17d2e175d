import { readEnv } from '@vitrine/platform/env';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import Fastify from 'fastify';
import { describe, expect, onTestFinished } from 'vitest';
import { accounts } from '../index.ts';
import { departureOf, openBrowser, pageOf } from '../oauth/browser.fixture.ts';
import {
  ask,
  runOAuth,
  shopIds,
  signedInAs,
  type TestClient,
} from '../oauth/oauth-server.fixture.ts';

const test = subgraphTest(accounts);

async function consentOf(client: TestClient, changes = {}, email = 'seller@example.com') {
  const { url } = await ask(client, changes);
  const browser = openBrowser(url.origin);
  const signIn = pageOf(await browser.open(url));
  const page = pageOf(await browser.submit(signIn, '/sign-in', signedInAs(email)));
  return { browser, page };
}

const checkedShops = (page: string) =>
  [...page.matchAll(/value="(shp_[^"]+)" checked/g)].map((match) => match[1]);

describe('the page of consent', () => {
  test('says who asks, for what in plain words, and where it leads', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const { page } = await consentOf(await server.client('PUBLIC'));

    for (const text of [
      'Allow Stock Sync?',
      'by Dev (@dev)',
      'Keeps your stock equal everywhere.',
      'See the warehouses and stock levels of your shops',
      'Change the stock of your shops and open warehouses',
      'go back to app.example',
    ]) {
      expect(page.html).toContain(text);
    }
    expect(page.html).not.toMatch(/<script|stock:write|onclick/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'.*form-action 'self' https:\/\/app\.example;.*frame-ancestors 'none'/,
    );
  });

  test('shows what an app says of itself as text, whatever that is', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC', {
      name: '</h1><script>alert(1)</script>',
      description: '"><img src=x onerror=alert(1)>',
      homepageUrl: 'https://app.example/"onmouseover="alert(1)',
    });
    const { page } = await consentOf(client);
    expect(page.html).not.toMatch(/<script|<img src=x|"onmouseover="/);
  });

  test('chooses no shop for whoever has several, and then what was chosen last', async ({
    subgraph,
  }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const { browser, page } = await consentOf(client);
    expect(checkedShops(page.html)).toEqual([]);
    departureOf(
      await browser.submit(page, '/consent', [
        ['shop', shopIds.other],
        ['answer', 'allow'],
      ]),
    );

    const again = await consentOf(client, { scope: 'profile:read' });
    expect(checkedShops(again.page.html)).toEqual([shopIds.other]);
    expect(again.page.html).toContain('You allowed it before');
  });

  test('asks nobody for shops who has none', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const { page } = await consentOf(await server.client('PUBLIC'), {}, 'dev@example.com');
    expect(page.html).not.toContain('In which of your shops?');
  });

  test('takes an answer once, and none without a sign-in', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client('PUBLIC');
    const { browser, page } = await consentOf(client);
    const allow = [['answer', 'allow']] as const;
    departureOf(await browser.submit(page, '/consent', allow));
    expect(pageOf(await browser.submit(page, '/consent', allow)).status).toBe(400);

    const { url } = await ask(client);
    const other = openBrowser(url.origin);
    const signIn = pageOf(await other.open(url));
    const forged = await fetch(`${signIn.url}/consent`, {
      method: 'POST',
      body: new URLSearchParams({ answer: 'allow' }),
      headers: {
        cookie: [...other.cookies].map(([name, { value }]) => `${name}=${value}`).join('; '),
      },
    });
    expect(forged.status).toBe(400);
  });
});

describe('under a public address', () => {
  async function behindProxy({ services }: TestSubgraph) {
    const { PUBLIC_URL } = readEnv({ PUBLIC_URL: 'https://shop.example' });
    const app = Fastify();
    const routes = accounts.pages?.routes({ ...services, env: { ...services.env, PUBLIC_URL } });
    if (routes) await app.register(routes);
    onTestFinished(() => app.close());
    return app;
  }

  test('the server has its name, whatever host a request names', async ({ subgraph }) => {
    const app = await behindProxy(subgraph);
    const { headers, body } = await app.inject({
      url: '/.well-known/oauth-authorization-server',
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    });
    expect(headers['content-type']).toContain('application/json');
    expect(JSON.parse(body)).toMatchObject({
      issuer: 'https://shop.example',
      token_endpoint: 'https://shop.example/oauth/token',
    });
    expect(body).not.toContain('evil.example');
  });

  test('cookies are for encrypted connections and unreadable for scripts', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const app = await behindProxy(subgraph);
    const { url } = await ask(await server.client('PUBLIC'));
    const { statusCode, headers } = await app.inject({ url: `${url.pathname}${url.search}` });

    expect(statusCode).toBe(303);
    const cookies = [headers['set-cookie']].flat();
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; secure/i);
      expect(cookie).toMatch(/; httponly/i);
      expect(cookie).toMatch(/; samesite=lax/i);
      expect(cookie).toMatch(/; path=\/oauth\//i);
    }
  });
});

test('what is not there says so, to a browser and to a program', async ({ subgraph }) => {
  const { origin } = await runOAuth(subgraph);
  const page = await fetch(`${origin}/oauth/nothing`, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html']);
  const answer = await fetch(`${origin}/oauth/register`, { method: 'POST' });
  expect([answer.status, await answer.json()]).toEqual([404, { error: 'not_found' }]);
});
