import { DAY, HOUR } from '@vitrine/kernel/clock';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { mailModel } from '../mail/mail.model.ts';
import { deliveryModel } from '../webhook-deliveries/delivery.model.ts';
import { webhookStore } from '../webhooks/webhook.store.ts';
import {
  aWebhook,
  onRealTime,
  queueMessages,
  receiver,
  sending,
  told,
} from './dispatch.fixture.ts';
import { nudge } from './dispatcher.nudge.ts';

const test = subgraphTest(accounts);

describe('an endpoint', () => {
  test('that hangs delays no other, and is one slot’s worth of trouble', async ({ subgraph }) => {
    const services = onRealTime(subgraph.services);
    const hanging = await receiver(() => null);
    const well = await receiver();
    const [slow, quick] = [
      await aWebhook(services, hanging.url),
      await aWebhook(services, well.url),
    ];
    for (let at = 0; at < 20; at += 1) {
      await queueMessages(services, slow, `ord_${at}`, [1]);
      await queueMessages(services, quick, `ord_${at}`, [1]);
    }
    const start = performance.now();
    sending(services, { timeoutMs: 2_000 });
    await nudge(services, [slow.id, quick.id]);

    await expect.poll(() => well.received.length, { timeout: 5_000 }).toBe(20);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(hanging.received.length).toBeLessThanOrEqual(8);

    // Once it has failed it is asked one at a time.
    await expect
      .poll(() => deliveryModel(services.db).countDocuments({ 'attempts.failure': 'TIMEOUT' }), {
        timeout: 6_000,
      })
      .toBe(8);
    expect(hanging.received.length).toBeLessThanOrEqual(9);
  });

  test('that is busy is left alone for as long as it asks', async ({ subgraph }) => {
    const { services, clock } = subgraph;
    let isBusy = true;
    const endpoint = await receiver((_message, response) => {
      if (!isBusy) return 200;
      response.writeHead(429, { 'retry-after': '600' }).end();
      return null;
    });
    const webhook = await aWebhook(services, endpoint.url);
    for (let at = 0; at < 30; at += 1) await queueMessages(services, webhook, `ord_${at}`, [1]);
    const dispatcher = sending(services);

    await dispatcher.sweep();
    const asked = endpoint.received.length;
    clock.advance(599_000);
    await dispatcher.sweep();
    expect(asked).toBeLessThanOrEqual(8);
    expect(endpoint.received).toHaveLength(asked);

    isBusy = false;
    clock.advance(2_000);
    await dispatcher.sweep();
    expect(endpoint.received).toHaveLength(asked + 30);
  });

  test('that is gone is paused at once, and its developer told', async ({ subgraph }) => {
    const { services } = subgraph;
    const endpoint = await receiver(() => 410);
    const webhook = await aWebhook(services, endpoint.url);
    await queueMessages(services, webhook, 'ord_1', [1]);
    const dispatcher = sending(services);

    await dispatcher.sweep();
    await queueMessages(services, webhook, 'ord_2', [1]);
    await dispatcher.sweep();

    expect(endpoint.received).toHaveLength(1);
    expect((await webhookStore(services).find(webhook.id))?.paused?.reason).toBe('GONE');
    expect(await mailModel(services.db).findOne().lean()).toMatchObject({ to: 'dev@example.com' });
  });

  test('that fails for three days is paused with one notice, and goes on when resumed', async ({
    subgraph,
  }) => {
    const { services, clock } = subgraph;
    let status = 500;
    const endpoint = await receiver(() => status);
    const webhook = await aWebhook(services, endpoint.url);
    const dispatcher = sending(services);
    const paused = async () => (await webhookStore(services).find(webhook.id))?.paused;

    for (let hours = 0; hours < 72; hours += 4) {
      await queueMessages(services, webhook, `ord_${hours}`, [1]);
      await dispatcher.sweep();
      clock.advance(4 * HOUR);
      expect(await paused()).toBeNull();
    }
    await queueMessages(services, webhook, 'ord_last', [1]);
    await dispatcher.sweep();
    expect(await paused()).toMatchObject({ reason: 'FAILING' });
    expect(await mailModel(services.db).countDocuments()).toBe(1);

    const asked = endpoint.received.length;
    await queueMessages(services, webhook, 'ord_held', [1]);
    clock.advance(DAY);
    await dispatcher.sweep();
    expect(endpoint.received).toHaveLength(asked);

    status = 200;
    const store = webhookStore(services);
    const current = await store.find(webhook.id);
    if (!current) throw new Error('it is there');
    const next = { ...current, paused: null, failing: null, version: current.version + 1 };
    await store.save(next, 'resumed');
    await dispatcher.sweep();
    expect(told(endpoint, 'ord_held')).toEqual([1]);
    expect(told(endpoint, 'ord_last').length).toBeGreaterThan(1);
  });

  test('that has recovered starts with a clean record', async ({ subgraph }) => {
    const { services, clock } = subgraph;
    let status = 500;
    const endpoint = await receiver(() => status);
    const webhook = await aWebhook(services, endpoint.url);
    await queueMessages(services, webhook, 'ord_1', [1]);
    const dispatcher = sending(services);
    await dispatcher.sweep();
    expect((await webhookStore(services).find(webhook.id))?.failing).toMatchObject({ attempts: 1 });

    status = 200;
    clock.advance(HOUR);
    await dispatcher.sweep();
    expect((await webhookStore(services).find(webhook.id))?.failing).toBeNull();
  });
});
