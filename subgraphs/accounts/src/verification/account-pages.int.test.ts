import type { Services } from '@vitrine/platform/services';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import Fastify from 'fastify';
import { describe, expect, onTestFinished } from 'vitest';
import { accounts } from '../index.ts';
import { pages } from '../pages.ts';
import { mailsTo, sentMails, tokenTo } from './mailbox.fixture.ts';
import { call, EMAIL, PASSWORD, seedAnn, signedIn, signIn } from './people.fixture.ts';

const test = subgraphTest(accounts);

/** A browser without script: reads a page, fills its form in and posts it to where it says. */
async function browser(services: Services) {
  const app = Fastify();
  await app.register(pages.routes(services));
  onTestFinished(() => app.close());
  const get = (url: string) => app.inject(url);
  const post = (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
      payload: new URLSearchParams(form).toString(),
    });
  return {
    get,
    post,
    /** Follows the link of the newest mail and sends its form with what is typed in. */
    async follow(email: string, typed: Record<string, string> = {}) {
      const [mail] = await mailsTo(services, email);
      const link = /http:\S+\?token=\S+/.exec(mail?.text ?? '')?.[0] ?? '';
      const { pathname, search } = new URL(link);
      const page = await get(`${pathname}${search}`);
      const action = /action="([^"]+)"/.exec(page.body)?.[1] ?? '';
      const token = /name="token" type="hidden" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
      return { page, answer: await post(action, { token, ...typed }) };
    },
  };
}

const ask = (subgraph: Parameters<typeof call>[0], mutation: string) =>
  call(subgraph, mutation, { email: EMAIL });

describe('the pages that mails lead to', () => {
  test('confirm an address by a form, and do nothing before it is sent', async ({ subgraph }) => {
    const { get, follow } = await browser(subgraph.services);
    const person = { email: EMAIL, password: PASSWORD, displayName: 'Ann' };
    await call(subgraph, 'signUp', person);
    const token = await tokenTo(subgraph.services, EMAIL);

    await get(`/account/verify?token=${token}`);
    expect((await signIn(subgraph)).codes).toEqual(['EMAIL_NOT_VERIFIED']);
    const { answer } = await follow(EMAIL);

    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('You can sign in now');
    expect((await signIn(subgraph)).codes).toEqual([]);
    expect((await follow(EMAIL)).answer.statusCode).toBe(422);
  });

  test('set a new password, and say what is wrong with a bad one', async ({ subgraph }) => {
    const { follow } = await browser(subgraph.services);
    await seedAnn(subgraph);
    await ask(subgraph, 'requestPasswordReset');

    const { answer: bad } = await follow(EMAIL, { password: 'short' });
    expect(bad.statusCode).toBe(422);
    expect(bad.body).toContain('at least 8 characters');
    expect((await follow(EMAIL, { password: 'battery staple' })).answer.statusCode).toBe(200);
    expect((await signIn(subgraph, { password: 'battery staple' })).codes).toEqual([]);
  });

  test('send a reset to whoever asks, and tell nobody whether there is an account', async ({
    subgraph,
  }) => {
    const { post } = await browser(subgraph.services);
    await seedAnn(subgraph);

    const known = await post('/account/reset', { token: '', email: EMAIL, password: '' });
    const unknown = await post('/account/reset', { token: '', email: 'no@example.com' });

    expect(unknown.body).toBe(known.body);
    expect([known.statusCode, unknown.statusCode]).toEqual([200, 200]);
    expect(await sentMails(subgraph.services)).toBe(1);
  });

  test('take a new address up for who knows the password', async ({ subgraph }) => {
    const { follow } = await browser(subgraph.services);
    await seedAnn(subgraph);
    const { viewer } = await signedIn(subgraph);
    const newEmail = 'anna@example.com';
    await call(subgraph, 'changeEmail', { newEmail, password: PASSWORD }, { viewer });

    const wrong = await follow(newEmail, { password: 'wrong' });
    expect(wrong.answer.statusCode).toBe(422);
    expect(wrong.answer.body).toContain('not the password');
    expect((await follow(newEmail, { password: PASSWORD })).answer.statusCode).toBe(200);
    expect((await signIn(subgraph, { email: newEmail })).codes).toEqual([]);
  });

  test('slow down who tries tokens', async ({ subgraph }) => {
    const { post } = await browser(subgraph.services);
    const codes: number[] = [];
    for (let n = 0; n < 60; n += 1) {
      const token = `AAAAA-AAAAA-AAAAA-AAA${String(n).padStart(2, '0')}`;
      codes.push((await post('/account/verify', { token })).statusCode);
    }
    expect(codes[0]).toBe(422);
    const last = await post('/account/verify', { token: 'BBBBB-BBBBB-BBBBB-BBBBB' });
    expect(last.statusCode).toBe(429);
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
  });
});

describe('a page', () => {
  test('tells nobody its address, loads nothing and is kept by nobody', async ({ subgraph }) => {
    const { get } = await browser(subgraph.services);
    const { headers, body } = await get('/account/reset?token=ABCDE');

    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-frame-options']).toBe('DENY');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(body).not.toMatch(/<script|https?:\/\//);
  });

  test('shows what stands in its address as text', async ({ subgraph }) => {
    const { get, post } = await browser(subgraph.services);
    const hostile = '"><img src=x>';
    for (const { body } of [
      await get(`/account/verify?token=${encodeURIComponent(hostile)}`),
      await post('/account/verify', { token: hostile }),
    ]) {
      expect(body).not.toContain('<img');
      expect(body).toContain('&quot;&gt;&lt;img');
    }
  });

  test.for([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': '', origin: 'https://evil.example' },
  ])('takes no form of another site: %j', async (headers, { subgraph }) => {
    const { post } = await browser(subgraph.services);
    await seedAnn(subgraph);
    await ask(subgraph, 'requestPasswordReset');
    const token = await tokenTo(subgraph.services, EMAIL);

    const answer = await post('/account/reset', { token, password: 'battery staple' }, headers);

    expect(answer.statusCode).toBe(403);
    expect((await signIn(subgraph)).codes).toEqual([]);
  });

  test.for([
    ['a form of many', `token=${'a'.repeat(20_000)}`, 413],
    ['no form', '{"token":"x"}', 415],
  ] as const)('takes no %s', async ([, payload, code], { subgraph }) => {
    const { services } = subgraph;
    const app = Fastify();
    await app.register(pages.routes(services));
    onTestFinished(() => app.close());
    const type = code === 413 ? 'application/x-www-form-urlencoded' : 'text/xml';
    const { statusCode } = await app.inject({
      method: 'POST',
      url: '/account/verify',
      headers: { 'content-type': type },
      payload,
    });
    expect(statusCode).toBe(code);
  });
});
