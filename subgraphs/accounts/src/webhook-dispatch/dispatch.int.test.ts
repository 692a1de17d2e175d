import { DAY, HOUR } from '@vitrine/kernel/clock';
import type { Services } from '@vitrine/platform/services';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { startReceiver, type WebhookReceiver } from '@vitrine/testkit/webhook-receiver';
import { describe, expect, onTestFinished } from 'vitest';
import { accounts } from '../index.ts';
import { mailModel } from '../mail/mail.model.ts';
import { deliveryModel, toDelivery } from '../webhook-deliveries/delivery.model.ts';
import type { Delivery } from '../webhook-deliveries/delivery.ts';
import { webhookStore } from '../webhooks/webhook.store.ts';
import { aWebhook, onRealTime, queueMessages, sending, verified } from './dispatch.fixture.ts';
import { nudge, nudgeChannel } from './dispatcher.nudge.ts';

const test = subgraphTest(accounts);

async function receiver(...args: Parameters<typeof startReceiver>): Promise<WebhookReceiver> {
  const started = await startReceiver(...args);
  onTestFinished(() => started.stop());
  return started;
}

async function stored(services: Services, id: string): Promise<Delivery> {
  const row = await deliveryModel(services.db).findById(id).lean();
  if (!row) throw new Error(`${id} is not there`);
  return toDelivery(row);
}

const told = ({ received }: WebhookReceiver, entityId: string): number[] =>
  received
    .map(({ body }) => JSON.parse(body))
    .filter((message) => message.entityId === entityId)
    .map(({ entityVersion }) => entityVersion);

describe('a message', () => {
  test('arrives signed, with the same id as in the log', async ({ subgraph }) => {
    const services = onRealTime(subgraph.services);
    const endpoint = await receiver();
    const webhook = await aWebhook(services, `${endpoint.url}/hooks?from=vitrine`);
    const [message] = await queueMessages(services, webhook, 'ord_1', [1]);

    await sending(services).sweep();

    const [request] = endpoint.received;
    expect(request?.path).toBe('/hooks?from=vitrine');
    expect(request?.headers).toMatchObject({
      'webhook-id': message?.id,
      'content-type': 'application/json',
    });
    expect(verified(webhook, request ?? { headers: {}, body: '' })).toEqual({
      entityId: 'ord_1',
      entityVersion: 1,
    });
    expect(await stored(services, message?.id ?? '')).toMatchObject({
      state: 'DELIVERED',
      attemptCount: 1,
      attempts: [{ status: 204, answer: '', failure: null }],
    });
  });

  test('goes at once when Redis tells, without waiting to be looked for', async ({ subgraph }) => {
    const services = onRealTime(subgraph.services);
    const endpoint = await receiver();
    const webhook = await aWebhook(services, endpoint.url);
    sending(services, { sweepMs: HOUR });
    await queueMessages(services, webhook, 'ord_1', [1]);
    await expect
      .poll(() => services.redis.pubsub('NUMSUB', nudgeChannel(services)))
      .toEqual([nudgeChannel(services), 1]);

    await nudge(services, [webhook.id]);

    await expect.poll(() => told(endpoint, 'ord_1'), { timeout: 5_000 }).toEqual([1]);
  });

  test('is signed by both secrets while they are rotated', async ({ subgraph }) => {
    const services = onRealTime(subgraph.services);
    const endpoint = await receiver();
    const newer = { value: `whsec_${btoa('n'.repeat(32))}`, until: null };
    const older = {
      value: `whsec_${btoa('o'.repeat(32))}`,
      until: new Date(Date.now() + HOUR),
    };
    const ended = { value: `whsec_${btoa('e'.repeat(32))}`, until: new Date(Date.now() - 1) };
    const webhook = await aWebhook(services, endpoint.url, { secrets: [newer, older, ended] });
    await queueMessages(services, webhook, 'ord_1', [1]);
    await sending(services).sweep();

    const [request = { headers: {}, body: '' }] = endpoint.received;
    expect(() => verified({ secrets: [newer] }, request)).not.toThrow();
    expect(() => verified({ secrets: [older] }, request)).not.toThrow();
    expect(() => verified({ secrets: [ended] }, request)).toThrow();
  });

  test('keeps its id over all attempts, and waits longer after each', async ({ subgraph }) => {
    const { services, clock } = subgraph;
    let status = 500;
    const endpoint = await receiver(() => status);
    const webhook = await aWebhook(services, endpoint.url);
    const [message] = await queueMessages(services, webhook, 'ord_1', [1]);
    const dispatcher = sending(services);

    await dispatcher.sweep();
    const first = await stored(services, message?.id ?? '');
    await dispatcher.sweep();
    clock.advance(first.dueAt.getTime() - clock.now().getTime());
    await dispatcher.sweep();
    const second = await stored(services, message?.id ?? '');
    status = 200;
    clock.advance(second.dueAt.getTime() - clock.now().getTime());
    await dispatcher.sweep();

    expect(endpoint.received.map(({ headers }) => headers['webhook-id'])).toEqual(
      Array(3).fill(message?.id),
    );
    const pause = ({ dueAt, attempts }: Delivery) =>
      dueAt.getTime() - (attempts.at(-1)?.at.getTime() ?? 0);
    expect(pause(second)).toBeGreaterThan(pause(first));
    expect(await stored(services, message?.id ?? '')).toMatchObject({
      state: 'DELIVERED',
      attempts: [{ failure: 'STATUS', status: 500 }, { status: 500 }, { status: 200 }],
    });
  });

  test('that fails for a day is given up, and is still in the log', async ({ subgraph }) => {
    const { services, clock } = subgraph;
    const endpoint = await receiver(() => 500);
    const webhook = await aWebhook(services, endpoint.url);
    const [message] = await queueMessages(services, webhook, 'ord_1', [1]);
    const dispatcher = sending(services);
    const start = clock.now();

    let seen = await stored(services, message?.id ?? '');
    while (seen.state === 'PENDING') {
      clock.advance(Math.max(0, seen.dueAt.getTime() - clock.now().getTime()));
      await dispatcher.sweep();
      seen = await stored(services, message?.id ?? '');
    }

    expect(seen).toMatchObject({ state: 'FAILED', attemptCount: 14 });
    expect(endpoint.received).toHaveLength(14);
    const tookMs = clock.now().getTime() - start.getTime();
    expect(tookMs).toBeGreaterThan(0.8 * DAY);
    expect(tookMs).toBeLessThan(1.2 * DAY);
  });

  test('of a webhook that is gone is forgotten', async ({ subgraph }) => {
    const { services } = subgraph;
    const endpoint = await receiver();
    const webhook = await aWebhook(services, endpoint.url);
    await queueMessages(services, webhook, 'ord_1', [1]);
    await webhookStore(services).remove(webhook);

    await sending(services).sweep();

    expect(endpoint.received).toEqual([]);
    expect(await deliveryModel(services.db).countDocuments()).toBe(0);
  });
});

describe('order', () => {
  test('of an entity is kept while its first message fails; others pass', async ({ subgraph }) => {
    const { services, clock } = subgraph;
    let isBroken = true;
    const endpoint = await receiver(({ body }) => (isBroken && body.includes('ord_1') ? 500 : 200));
    const webhook = await aWebhook(services, endpoint.url);
    await queueMessages(services, webhook, 'ord_1', [3, 1, 2]);
    for (let other = 2; other <= 100; other += 1) {
      await queueMessages(services, webhook, `ord_${other}`, [1]);
    }
    const dispatcher = sending(services);

    await dispatcher.sweep();
    expect(told(endpoint, 'ord_1')).toEqual([1]);
    expect(new Set(endpoint.received.map(({ body }) => body)).size).toBe(100);

    isBroken = false;
    clock.advance(HOUR);
    await dispatcher.sweep();
    expect(told(endpoint, 'ord_1')).toEqual([1, 1, 2, 3]);
  });

  test('of many entities with many messages each is kept, and none is sent twice', async ({
    subgraph,
  }) => {
    const { services } = subgraph;
    const endpoint = await receiver();
    const webhook = await aWebhook(services, endpoint.url);
    const versions = Array.from({ length: 30 }, (_, at) => at + 1);
    const entities = Array.from({ length: 12 }, (_, at) => `ord_${at}`);
    for (const entity of entities) await queueMessages(services, webhook, entity, versions);

    await sending(services).sweep();

    expect(entities.map((entity) => told(endpoint, entity))).toEqual(entities.map(() => versions));
  });

  test('one long queue keeps no other entity waiting', async ({ subgraph }) => {
    const { services } = subgraph;
    const endpoint = await receiver();
    const webhook = await aWebhook(services, endpoint.url);
    await queueMessages(
      services,
      webhook,
      'ord_long',
      Array.from({ length: 300 }, (_, at) => at + 1),
    );
    await queueMessages(services, webhook, 'ord_short', [1]);

    await sending(services).sweep();

    const place = endpoint.received.findIndex(({ body }) => body.includes('ord_short'));
    expect(place).toBeLessThan(150);
    expect(endpoint.received).toHaveLength(301);
  });
});

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

describe('a lane', () => {
  test('is held by one process at a time, so two send nothing twice', async ({ subgraph }) => {
    const { services } = subgraph;
    const endpoint = await receiver();
    const webhook = await aWebhook(services, endpoint.url);
    for (let at = 0; at < 100; at += 1) await queueMessages(services, webhook, `ord_${at}`, [1, 2]);
    const [one, other] = [sending(services), sending(services)];

    await Promise.all([one.sweep(), other.sweep()]);
    await Promise.all([one.sweep(), other.sweep()]);

    expect(endpoint.received).toHaveLength(200);
    expect(new Set(endpoint.received.map(({ headers }) => headers['webhook-id'])).size).toBe(200);
  });
});

describe('consent', () => {
  test('that is withdrawn takes back what has not been sent', async ({ subgraph }) => {
    const { services, clock } = subgraph;
    let isBroken = true;
    const apps = ['app_1'];
    const endpoint = await receiver(() => (isBroken ? 500 : 200));
    const webhook = await aWebhook(services, endpoint.url);
    const [message] = await queueMessages(services, webhook, 'usr_1', [1]);
    await deliveryModel(services.db).updateMany({}, { $set: { topic: 'profile.changed' } });
    await sending(services, { grants: { appsThatSee: async () => apps } }).sweep();

    apps.pop();
    isBroken = false;
    clock.advance(HOUR);
    // A process that knows nothing of the grant yet.
    await sending(services, { grants: { appsThatSee: async () => apps } }).sweep();

    expect(endpoint.received).toHaveLength(1);
    expect((await stored(services, message?.id ?? '')).state).toBe('WITHDRAWN');
  });
});
