import { subgraphTest } from '@vitrine/testkit/subgraph';
import { anApp, aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { deliveryModel } from '../webhook-deliveries/delivery.model.ts';
import {
  created,
  developer,
  documents,
  LOG,
  run,
  wish,
  withApp,
} from '../webhook-messages/webhook.fixture.ts';

const test = subgraphTest(accounts);

describe('createWebhook', () => {
  test('answers with a secret for the app and for its developer, once per key', async ({
    subgraph,
  }) => {
    await withApp(subgraph);
    const input = wish({ idempotencyKey: 'same' });

    const first = await run(subgraph, 'create', input);
    const again = await run(subgraph, 'create', { ...input, appId: 'tpa_1' }, developer);
    const other = await run(subgraph, 'create', { ...input, topics: ['shop.opened'] });

    expect(first).toMatchObject({
      webhook: { url: input.url, state: 'ACTIVE', version: 1 },
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      replayed: false,
      userErrors: [],
    });
    expect(again).toEqual({ ...first, replayed: true });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  });

  test('at once with one key makes one', async ({ subgraph }) => {
    await withApp(subgraph);
    const input = wish();

    const answers = await Promise.all([1, 2, 3, 4].map(() => run(subgraph, 'create', input)));

    expect(new Set(answers.map(({ webhook }) => webhook.id)).size).toBe(1);
  });

  test('makes twenty for an app and no more, even at once', async ({ subgraph }) => {
    await withApp(subgraph);
    for (let at = 0; at < 18; at += 1) await run(subgraph, 'create', wish());

    const answers = await Promise.all([1, 2, 3].map(() => run(subgraph, 'create', wish())));

    expect(answers.filter(({ webhook }) => webhook)).toHaveLength(2);
    expect(answers.flatMap(({ userErrors }) => userErrors)).toMatchObject([
      { code: 'TOO_MANY_WEBHOOKS' },
    ]);
  });

  test('tells everything that is wrong at once', async ({ subgraph }) => {
    await withApp(subgraph);
    const { webhook, userErrors } = await run(subgraph, 'create', {
      url: 'https://169.254.169.254/latest/meta-data',
      topics: ['order.placed', 'order.painted'],
      filter: { conditions: [{ path: 'lines', operator: 'EQ', values: ['a', 'b'] }] },
      includeFields: ['orderId', 'colour'],
      idempotencyKey: 'k',
    });

    expect(webhook).toBeNull();
    expect(
      userErrors.map(({ code, path }: { code: string; path: string[] }) => [code, path.join('.')]),
    ).toEqual([
      ['URL_PRIVATE', 'input.url'],
      ['TOPIC_UNKNOWN', 'input.topics.1'],
      ['PATH_UNKNOWN', 'input.filter.conditions.0.path'],
      ['VALUES_INVALID', 'input.filter.conditions.0.values'],
      ['FIELD_UNKNOWN', 'input.includeFields.1'],
    ]);
  });
});

/** What each mutation of a webhook may be asked. */
const inputsFor = (id: string): Record<keyof typeof documents, object> => ({
  create: wish({ appId: 'tpa_1' }),
  edit: { webhookId: id, expectedVersion: 1 },
  remove: { webhookId: id },
  rotate: { webhookId: id, expectedVersion: 1 },
  pause: { webhookId: id },
  resume: { webhookId: id },
  ping: { webhookId: id },
  replay: { webhookId: id, deliveryId: 'msg_1' },
  replayAll: { webhookId: id, from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' },
});

describe('who', () => {
  test.for([
    ['a guest', null, 'UNAUTHENTICATED'],
    ['an app without the scope', anApp({ userId: 'tpa_1', appId: 'tpa_1' }), 'MISSING_SCOPE'],
    [
      'the app in a person’s name',
      aViewer({ userId: 'usr_dev', appId: 'tpa_1', scopes: ['webhooks:manage'] }),
      'FORBIDDEN',
    ],
    [
      'an operator as the developer',
      aViewer({ userId: 'usr_dev', impersonatorId: 'usr_op' }),
      'FORBIDDEN',
    ],
  ] as const)('%s may change none', async ([, viewer, code], { subgraph }) => {
    const { id } = await created(subgraph);
    const inputs = inputsFor(id);
    for (const name of Object.keys(documents) as (keyof typeof documents)[]) {
      const { errors } = await subgraph.execute(documents[name], { input: inputs[name] }, viewer);
      expect(errors?.[0]?.extensions['code'], name).toBe(code);
    }
  });

  test.for([
    ['another developer', aViewer({ userId: 'usr_other' })],
    ['another app', anApp({ userId: 'tpa_2', appId: 'tpa_2', scopes: ['webhooks:manage'] })],
  ] as const)('%s finds none', async ([, viewer], { subgraph }) => {
    const { id } = await created(subgraph);
    const inputs = inputsFor(id);
    for (const name of Object.keys(documents) as (keyof typeof documents)[]) {
      const { userErrors } = await run(subgraph, name, inputs[name], viewer);
      expect(userErrors, name).toMatchObject([{ code: 'NOT_FOUND' }]);
    }
    const seen = await subgraph.execute(LOG, { id }, viewer);
    expect(seen.data).toEqual({ app: { webhook: null } });
    const list = '{ app(id: "tpa_1") { webhooks { id } } }';
    expect((await subgraph.execute(list, {}, viewer)).data).toEqual({ app: { webhooks: null } });
  });
});

describe('a webhook', () => {
  test('is edited by version, paused and resumed once, rotated once, and deleted', async ({
    subgraph,
  }) => {
    const { id: webhookId } = await created(subgraph);
    const edit = { webhookId, expectedVersion: 1, topics: ['shop.opened', 'order.placed'] };

    const edited = await run(subgraph, 'edit', { ...edit, includeFields: ['shopId'] });
    const stale = await run(subgraph, 'edit', edit);
    const rotated = await run(subgraph, 'rotate', { webhookId, expectedVersion: 2 });
    const twice = await run(subgraph, 'rotate', { webhookId, expectedVersion: 2 });
    const paused = await run(subgraph, 'pause', { webhookId });
    const again = await run(subgraph, 'pause', { webhookId });
    const pinged = await run(subgraph, 'ping', { webhookId });
    const resumed = await run(subgraph, 'resume', { webhookId });
    const active = await run(subgraph, 'resume', { webhookId });

    expect(edited.webhook).toMatchObject({
      version: 2,
      topics: edit.topics,
      includeFields: ['shopId'],
    });
    expect(stale.userErrors).toMatchObject([{ code: 'VERSION_CONFLICT' }]);
    expect(rotated).toMatchObject({
      webhook: { version: 3, previousSecretUntil: '2026-03-02T12:00:00.000Z' },
      secret: expect.stringMatching(/^whsec_/),
    });
    expect(twice.userErrors).toMatchObject([{ code: 'VERSION_CONFLICT' }]);
    expect(paused.webhook).toMatchObject({ state: 'PAUSED', pauseReason: 'BY_DEVELOPER' });
    expect(again.userErrors).toMatchObject([{ code: 'ALREADY_PAUSED' }]);
    expect(pinged.userErrors).toMatchObject([{ code: 'PAUSED' }]);
    expect(resumed.webhook).toMatchObject({ state: 'ACTIVE', pauseReason: null, version: 5 });
    expect(active.userErrors).toMatchObject([{ code: 'NOT_PAUSED' }]);

    expect((await run(subgraph, 'remove', { webhookId })).deletedWebhookId).toBe(webhookId);
    expect((await run(subgraph, 'remove', { webhookId })).userErrors).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
  });

  test('can be pinged, and its messages sent again one by one and by span', async ({
    subgraph,
  }) => {
    const { id: webhookId } = await created(subgraph);
    const { delivery } = await run(subgraph, 'ping', { webhookId });
    expect(delivery).toMatchObject({
      topic: 'webhook.ping',
      state: 'PENDING',
      nextAttemptAt: null,
    });
    expect(JSON.parse(delivery.requestBody)).toMatchObject({
      type: 'webhook.ping',
      data: { webhookId },
    });
    const rows = deliveryModel(subgraph.services.db);
    const span = { webhookId, from: '2026-03-01T12:00:00Z', to: '2026-03-01T12:00:01Z' };
    await rows.updateMany({}, { $set: { state: 'FAILED', round: 14 } });

    expect(await run(subgraph, 'replay', { webhookId, deliveryId: delivery.id })).toEqual({
      delivery: { id: delivery.id, state: 'PENDING' },
      userErrors: [],
    });
    expect(await rows.findById(delivery.id).lean()).toMatchObject({ round: 0 });
    expect((await run(subgraph, 'replayAll', span)).count).toBe(0);
    await rows.updateMany({}, { $set: { state: 'DELIVERED' } });
    expect((await run(subgraph, 'replayAll', span)).count).toBe(0);
    expect((await run(subgraph, 'replayAll', { ...span, states: ['DELIVERED'] })).count).toBe(1);

    await rows.updateMany({}, { $set: { state: 'WITHDRAWN' } });
    expect(
      (await run(subgraph, 'replay', { webhookId, deliveryId: delivery.id })).userErrors,
    ).toMatchObject([{ code: 'NOT_FOUND' }]);
    const wrong = { ...span, to: span.from, states: ['PENDING'] };
    expect((await run(subgraph, 'replayAll', wrong)).userErrors).toMatchObject([
      { code: 'SPAN_EMPTY' },
      { code: 'STATES_INVALID' },
    ]);
  });

  test('goes with its app', async ({ subgraph }) => {
    await created(subgraph);
    const document = 'mutation { deleteApp(input: { appId: "tpa_1" }) { deletedAppId } }';
    const result = await subgraph.execute(document, {}, developer);
    expect(result.data).toEqual({ deleteApp: { deletedAppId: 'tpa_1' } });
    expect(await subgraph.services.db.collection('webhooks').countDocuments()).toBe(0);
  });
});
