import { SECOND } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { Secret, TOTP } from 'otpauth';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { departureOf, openBrowser, pageOf } from '../oauth/browser.fixture.ts';
import { ask, PASSWORD, people, runOAuth, signedInAs } from '../oauth/oauth-server.fixture.ts';
import { call } from '../verification/people.fixture.ts';

const test = subgraphTest(accounts);

describe('signing in on the page', () => {
  async function enrol(subgraph: TestSubgraph): Promise<string> {
    const viewer = aViewer({ userId: people.seller });
    const { secret } = await call(
      subgraph,
      'enrolSecondFactor',
      { password: PASSWORD },
      { fields: 'secret', viewer },
    );
    const oneTimePassword = codeOf(subgraph, secret);
    await call(subgraph, 'confirmSecondFactor', { oneTimePassword }, { viewer });
    subgraph.clock.advance(30 * SECOND);
    return secret;
  }
  const codeOf = (subgraph: TestSubgraph, secret: string) =>
    TOTP.generate({
      secret: Secret.fromBase32(secret),
      timestamp: subgraph.clock.now().getTime(),
    });

  test('needs the one-time password of whoever has set one up', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const secret = await enrol(subgraph);
    const { url } = await ask(await server.client('PUBLIC'));
    const browser = openBrowser(url.origin);
    const page = pageOf(await browser.open(url));
    const as = (code: string) =>
      browser.submit(page, '/sign-in', signedInAs('seller@example.com', code));

    expect(pageOf(await as('')).html).toContain('asks for a one-time password as well');
    expect(pageOf(await as('000000')).html).toContain('not right, or was used already');
    expect(pageOf(await as(codeOf(subgraph, secret))).html).toContain('Allow Stock Sync?');
  });

  test('is slowed down for whoever guesses', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const { url } = await ask(await server.client('PUBLIC'));
    const browser = openBrowser(url.origin);
    const page = pageOf(await browser.open(url));
    const statuses: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      const fields = [
        ['email', 'seller@example.com'],
        ['password', `guess ${n}`],
      ] as const;
      statuses.push(pageOf(await browser.submit(page, '/sign-in', fields)).status);
    }
    expect(statuses[0]).toBe(422);
    expect(statuses.at(-1)).toBe(429);
  });

  test('can be given up, and the app is told', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const { url } = await ask(await server.client('PUBLIC'));
    const browser = openBrowser(url.origin);
    const page = pageOf(await browser.open(url));
    const back = departureOf(await browser.submit(page, '/cancel'));
    expect(back.searchParams.get('error')).toBe('access_denied');
  });
});

describe('the form of the page', () => {
  test('refuses a wrong password without saying what was wrong', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const { url } = await ask(await server.client('PUBLIC'));
    const browser = openBrowser(server.origin);
    const page = pageOf(await browser.open(url));
    for (const email of ['seller@example.com', 'nobody@example.com']) {
      const again = pageOf(
        await browser.submit(page, '/sign-in', [
          ['email', email],
          ['password', 'wrong'],
        ]),
      );
      expect(again.status).toBe(422);
      expect(again.html).toContain('No account has this e-mail and password.');
    }
  });

  test('is for the browser that began, and for forms of this site', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const { url } = await ask(await server.client('PUBLIC'));
    const browser = openBrowser(server.origin);
    const page = pageOf(await browser.open(url));
    const fields = new URLSearchParams({ email: 'seller@example.com', password: PASSWORD });
    const cookie = [...browser.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ');
    const post = (headers: Record<string, string>) =>
      fetch(`${page.url}/sign-in`, { method: 'POST', body: fields, redirect: 'manual', headers });

    expect((await post({})).status).toBe(400);
    expect((await post({ cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const forged = cookie.replace(/(?<=\.sig=)./, (first) => (first === 'x' ? 'y' : 'x'));
    expect((await post({ cookie: forged })).status).toBe(400);
    expect((await post({ cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(303);
  });

  test('is asked for again by whoever wants another account', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const { url } = await ask(await server.client('PUBLIC'));
    const browser = openBrowser(server.origin);
    const signIn = pageOf(await browser.open(url));
    const as = (email: string) =>
      [
        ['email', email],
        ['password', PASSWORD],
      ] as const;
    const consent = pageOf(await browser.submit(signIn, '/sign-in', as('seller@example.com')));
    expect(consent.html).toContain('seller@example.com');

    const again = pageOf(await browser.submit(consent, '/switch'));
    const other = pageOf(await browser.submit(again, '/sign-in', as('dev@example.com')));
    expect(other.html).toContain('dev@example.com');
    expect(other.html).not.toContain('seller@example.com');
  });
});
