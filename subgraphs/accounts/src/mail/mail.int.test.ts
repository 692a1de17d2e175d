import { DAY, HOUR, MINUTE } from '@vitrine/kernel/clock';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { startTimers, timerModel } from '@vitrine/platform/timers';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import Fastify from 'fastify';
import { describe, expect, onTestFinished } from 'vitest';
import { accounts } from '../index.ts';
import { pages } from '../pages.ts';
import { mailModel } from './mail.model.ts';
import { queueMail } from './mail.queue.ts';
import { mailTimers } from './mail.worker.ts';
import { startSmtp } from './smtp.fixture.ts';

const test = subgraphTest(accounts);

const mail = {
  to: 'ann@example.com',
  subject: 'Hello',
  text: 'See https://shop.example/x?a=1&b=2',
};

const queue = (services: Services, overrides: Partial<typeof mail> = {}) =>
  transact(services, (tx) => queueMail(services, tx, { ...mail, ...overrides }));

/** Accounts with a mail server; `sweep` hands in what is due. */
async function withSmtp({ services: plain }: TestSubgraph) {
  const smtp = await startSmtp();
  const env = { ...plain.env, SMTP_URL: smtp.url, MAIL_FROM: 'Vitrine <no-reply@shop.example>' };
  const services = { ...plain, env };
  const timers = startTimers(services, mailTimers(services));
  onTestFinished(async () => {
    await timers.close();
    await smtp.close();
  });
  return { services, smtp, sweep: timers.sweep };
}

describe('with a mail server', () => {
  test('a mail is sent once and its text forgotten', async ({ subgraph }) => {
    const { services, smtp, sweep } = await withSmtp(subgraph);

    await queue(services);
    await sweep();
    await sweep();

    await expect.poll(() => smtp.taken).toHaveLength(1);
    expect(smtp.taken[0]?.to).toBe('ann@example.com');
    expect(smtp.taken[0]?.data).toContain('Subject: Hello');
    expect(smtp.taken[0]?.data).toContain('From: Vitrine <no-reply@shop.example>');
    expect(smtp.taken[0]?.data).toMatch(/Message-ID: <mai_[0-9A-Z]{26}@127\.0\.0\.1>/);
    await expect
      .poll(() => mailModel(services.db).findOne().lean())
      .toMatchObject({ text: '', attempts: 1, sentAt: subgraph.clock.now() });
    expect(await timerModel(services.db).countDocuments()).toBe(0);
  });

  test('is not sent when the transaction that gave the reason is undone', async ({ subgraph }) => {
    const { services, smtp, sweep } = await withSmtp(subgraph);

    const undone = transact(services, async (tx) => {
      await queueMail(services, tx, mail);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await sweep();

    expect(await mailModel(services.db).countDocuments()).toBe(0);
    expect(smtp.taken).toEqual([]);
  });

  test('that refuses for a while gets the mail later, and for a day at most', async ({
    subgraph,
  }) => {
    const { services, smtp, sweep } = await withSmtp(subgraph);
    const attempts = async () => (await mailModel(services.db).findOne().lean())?.attempts;
    smtp.state.refusal = '451 try again later';

    await queue(services);
    await sweep();
    await expect.poll(attempts).toBe(1);
    subgraph.clock.advance(MINUTE);
    await sweep();
    await expect.poll(attempts).toBe(2);
    smtp.state.refusal = null;
    subgraph.clock.advance(HOUR);
    await sweep();
    await expect.poll(() => smtp.taken).toHaveLength(1);

    smtp.state.refusal = '550 nobody here';
    await queue(services, { to: 'bob@example.com' });
    subgraph.clock.advance(DAY + MINUTE);
    await sweep();
    await expect.poll(() => timerModel(services.db).countDocuments()).toBe(0);
    expect(smtp.taken).toHaveLength(1);
  });

  test('a mail to nobody costs what any mail costs, and is never sent', async ({ subgraph }) => {
    const { services, smtp, sweep } = await withSmtp(subgraph);

    await transact(services, (tx) => queueMail(services, tx, null));
    expect(await mailModel(services.db).countDocuments()).toBe(1);
    expect(await timerModel(services.db).countDocuments()).toBe(1);
    await queue(services);
    await sweep();

    await expect.poll(() => timerModel(services.db).countDocuments()).toBe(0);
    expect(smtp.taken.map(({ to }) => to)).toEqual(['ann@example.com']);
  });

  test('an address cannot name further recipients', async ({ subgraph }) => {
    const { services, smtp, sweep } = await withSmtp(subgraph);

    await queue(services, { to: 'eve,bob@example.com' });
    await sweep();

    await expect.poll(() => smtp.taken).toHaveLength(1);
    expect(smtp.taken[0]?.to).toBe('"eve,bob"@example.com');
  });
});

describe('without a mail server', () => {
  const site = async (services: Services) => {
    const app = Fastify();
    await app.register(pages.routes(services));
    onTestFinished(() => app.close());
    return app;
  };
  const json = { accept: 'application/json' };

  test('mails are read on a page, newest first and by address', async ({ subgraph }) => {
    const app = await site(subgraph.services);
    await queue(subgraph.services, { subject: 'First' });
    await queue(subgraph.services, { to: 'bob@example.com', subject: 'Other' });
    await queue(subgraph.services, { subject: 'Second <b>' });
    await transact(subgraph.services, (tx) => queueMail(subgraph.services, tx, null));

    const all = await app.inject({ url: '/dev/mail', headers: json });
    const own = await app.inject({ url: '/dev/mail?to=ANN@example.com', headers: json });
    const page = await app.inject('/dev/mail?to=ann@example.com');
    const one = await app.inject(`/dev/mail/${own.json()[0].id}`);

    const subjects = (mails: { subject: string }[]) => mails.map(({ subject }) => subject);
    expect(subjects(all.json())).toEqual(['Second <b>', 'Other', 'First']);
    expect(subjects(own.json())).toEqual(['Second <b>', 'First']);
    expect(own.json()[0]).toMatchObject({ ...mail, subject: 'Second <b>' });
    expect(page.body).toContain('Second &lt;b&gt;');
    expect(page.body).not.toContain('Other');
    expect(one.body).toContain('href="https://shop.example/x?a=1&amp;b=2"');
    expect(one.headers['content-security-policy']).toContain("default-src 'none'");
    expect(one.headers['referrer-policy']).toBe('no-referrer');
    expect(await timerModel(subgraph.services.db).countDocuments()).toBe(0);
  });

  test('an unknown mail is not found, as a page and as JSON', async ({ subgraph }) => {
    const app = await site(subgraph.services);
    expect((await app.inject('/dev/mail/mai_none')).statusCode).toBe(404);
    expect((await app.inject({ url: '/dev/mail/mai_none', headers: json })).json()).toEqual({
      message: 'There is no such mail.',
    });
  });

  test.for([
    { NODE_ENV: 'production' as const },
    { SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'a@mail.example' },
  ])('there is no such page with %j', async (wanted, { subgraph }) => {
    const { services } = subgraph;
    const app = await site({ ...services, env: { ...services.env, ...wanted } });
    await queue(services);
    for (const url of ['/dev/mail', '/dev/mail/mai_1']) {
      expect((await app.inject({ url, headers: json })).statusCode).toBe(404);
    }
  });
});
