import { DAY, HOUR } from '@vitrine/kernel/clock';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { deliveryModel } from '../webhook-deliveries/delivery.model.ts';
import type { Delivery } from '../webhook-deliveries/delivery.ts';
import { webhookStore } from '../webhooks/webhook.store.ts';
import {
  aWebhook,
  onRealTime,
  queueMessages,
  receiver,
  sending,
  stored,
  told,
  verified,
} from './dispatch.fixture.ts';
import { nudge, nudgeChannel } from './dispatcher.nudge.ts';
import { LEASE_MS, laneModel } from './lane.lease.ts';

const test = subgraphTest(accounts);

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

describe('a lane whose process was killed', () => {
  test('is taken over once its lease has ended, with all that waited in it', async ({
    subgraph,
  }) => {
    const { services, clock } = subgraph;
    const endpoint = await receiver();
    const webhook = await aWebhook(services, endpoint.url);
    await queueMessages(services, webhook, 'ord_1', [1, 2, 3, 4]);
    // As it is left: held by somebody, the first on its way and the others parked behind it.
    await laneModel(services.db).create({
      _id: webhook.id,
      owner: 'killed',
      until: new Date(clock.now().getTime() + LEASE_MS),
    });
    await deliveryModel(services.db).updateMany(
      { entityVersion: { $gt: 1 } },
      { $set: { dueAt: new Date(clock.now().getTime() + HOUR) } },
    );
    const dispatcher = sending(services);

    await dispatcher.sweep();
    expect(endpoint.received).toEqual([]);
    clock.advance(LEASE_MS);
    await dispatcher.sweep();

    expect(told(endpoint, 'ord_1')).toEqual([1, 2, 3, 4]);
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
