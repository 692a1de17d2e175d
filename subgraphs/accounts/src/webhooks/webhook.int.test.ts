import { randomUUID } from 'node:crypto';
import { profileChanged } from '@vitrine/events/accounts';
import type { MoneyValue } from '@vitrine/events/fact';
import { orderPlaced } from '@vitrine/events/orders';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { anApp, aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { appModel } from '../apps/app.model.ts';
import { grantModel } from '../grants/grant.model.ts';
import { accounts } from '../index.ts';
import { membershipId, membershipModel } from '../memberships/membership.model.ts';
import { deliveryModel } from '../webhook-deliveries/delivery.model.ts';

const test = subgraphTest(accounts);

const developer = aViewer({ userId: 'usr_dev' });
const app = anApp({ userId: 'tpa_1', appId: 'tpa_1', scopes: ['webhooks:manage'] });
const REFUSALS = '__typename ... on UserError { code path }';
const WEBHOOK = `id url topics state pauseReason version includeFields previousSecretUntil
  filter { shopIds conditions { path operator values } }`;
const documents = {
  create: `mutation ($input: CreateWebhookInput!) { answer: createWebhook(input: $input) {
    webhook { ${WEBHOOK} } secret replayed userErrors { ${REFUSALS} } } }`,
  edit: `mutation ($input: EditWebhookInput!) { answer: editWebhook(input: $input) {
    webhook { ${WEBHOOK} } userErrors { ${REFUSALS} } } }`,
  remove: `mutation ($input: DeleteWebhookInput!) { answer: deleteWebhook(input: $input) {
    deletedWebhookId userErrors { ${REFUSALS} } } }`,
  rotate: `mutation ($input: RotateWebhookSecretInput!) { answer: rotateWebhookSecret(input: $input) {
    webhook { ${WEBHOOK} } secret userErrors { ${REFUSALS} } } }`,
  pause: `mutation ($input: PauseWebhookInput!) { answer: pauseWebhook(input: $input) {
    webhook { ${WEBHOOK} } userErrors { ${REFUSALS} } } }`,
  resume: `mutation ($input: ResumeWebhookInput!) { answer: resumeWebhook(input: $input) {
    webhook { ${WEBHOOK} } userErrors { ${REFUSALS} } } }`,
  ping: `mutation ($input: PingWebhookInput!) { answer: pingWebhook(input: $input) {
    delivery { id topic state requestBody nextAttemptAt } userErrors { ${REFUSALS} } } }`,
  replay: `mutation ($input: ReplayWebhookDeliveryInput!) { answer: replayWebhookDelivery(input: $input) {
    delivery { id state } userErrors { ${REFUSALS} } } }`,
  replayAll: `mutation ($input: ReplayWebhookDeliveriesInput!) { answer: replayWebhookDeliveries(input: $input) {
    count userErrors { ${REFUSALS} } } }`,
};
const LOG = `query ($id: ID!, $filter: WebhookDeliveryFilter) { app(id: "tpa_1") { webhook(id: $id) {
  deliveries(first: 10, filter: $filter) { nodes { id topic entityId state requestBody attempts {
    status answer failure durationMs requestHeaders { name value } } } } } } }`;

const wish = (overrides: object = {}) => ({
  url: 'https://hooks.example/vitrine',
  topics: ['order.placed'],
  idempotencyKey: randomUUID(),
  ...overrides,
});

async function withApp({ services }: TestSubgraph): Promise<void> {
  await appModel(services.db).create({
    _id: 'tpa_1',
    name: 'Stock Robot',
    description: 'Counts.',
    homepageUrl: 'https://robot.example',
    iconUrl: null,
    redirectUris: [],
    scopes: ['orders:read'],
    developerUserId: developer.userId,
    kind: 'CONFIDENTIAL',
    secrets: [],
    version: 1,
    createdAt: services.clock(),
  });
}

const run = async (
  subgraph: TestSubgraph,
  name: keyof typeof documents,
  input: object,
  viewer: Parameters<TestSubgraph['execute']>[2] = app,
) => {
  const result = await subgraph.execute(documents[name], { input }, viewer);
  if (result.errors) throw result.errors[0];
  return result.data?.['answer'];
};

async function created(subgraph: TestSubgraph, overrides: object = {}) {
  await withApp(subgraph);
  const { webhook, userErrors } = await run(subgraph, 'create', wish(overrides));
  expect(userErrors).toEqual([]);
  return webhook;
}

/** Somebody lets the app see things, in a shop they work for. */
async function granted(
  { services }: TestSubgraph,
  { userId = 'usr_owner', scopes = ['orders:read'], shopIds = ['shp_1'], works = true } = {},
): Promise<void> {
  await grantModel(services.db).create({
    _id: services.newId('ses'),
    userId,
    appId: 'tpa_1',
    scopes,
    shopIds,
    sessionId: services.newId('ses'),
    grantedAt: services.clock(),
    lastUsedAt: null,
    expiresAt: new Date(services.clock().getTime() + 86_400_000),
  });
  if (!works) return;
  await membershipModel(services.db).insertMany(
    shopIds.map((shopId) => ({
      _id: membershipId(shopId, userId),
      shopId,
      userId,
      role: 'OWNER' as const,
      joinedAt: services.clock(),
    })),
  );
}

const EUR = (minor: string): MoneyValue => ({ minor, currencyCode: 'EUR' });

const placed = (orderId: string, shopId: string, market = 'DE') => ({
  aggregateId: orderId,
  aggregateVersion: 1,
  payload: {
    orderId,
    checkoutId: 'chk_1',
    buyerId: 'usr_buyer',
    buyerAlias: 'A***n',
    shopId,
    market,
    lines: [
      {
        orderLineId: 'oln_1',
        productId: 'prd_1',
        variantId: 'var_1',
        sku: 'MUG',
        title: 'Mug',
        price: EUR('1490'),
        source: null,
      },
    ],
    shippingOptionId: 'standard',
    total: EUR('1889'),
  },
});

async function messagesOf({ services }: TestSubgraph) {
  const rows = await deliveryModel(services.db).find().sort({ _id: 1 }).lean();
  return rows.map(({ body }) => JSON.parse(body));
}

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

describe('an event', () => {
  test('is told to an app that the shop has let see it, by filter and by fields', async ({
    subgraph,
  }) => {
    await created(subgraph, {
      filter: { conditions: [{ path: 'market', operator: 'IN', values: ['DE', 'GB'] }] },
      includeFields: ['orderId', 'lines.sku', 'total.amount'],
    });
    await granted(subgraph);
    subgraph.work();

    await subgraph.deliver('accounts.webhooks', orderPlaced, placed('ord_1', 'shp_1'));
    await subgraph.deliver('accounts.webhooks', orderPlaced, placed('ord_2', 'shp_1', 'ID'));
    await subgraph.deliver('accounts.webhooks', orderPlaced, placed('ord_3', 'shp_2'));
    await subgraph.quiet();

    expect(await messagesOf(subgraph)).toEqual([
      {
        type: 'order.placed',
        version: 1,
        timestamp: '2026-03-01T12:00:00.000Z',
        entity: { id: 'ord_1', version: 1 },
        data: { orderId: 'ord_1', lines: [{ sku: 'MUG' }], total: { amount: '18.89' } },
      },
    ]);
  });

  test.for([
    ['of another scope', { scopes: ['stock:read'] }],
    ['of another shop', { shopIds: ['shp_2'] }],
    ['of somebody who no longer works there', { works: false }],
  ] as const)('is not told by a grant %s', async ([, grant], { subgraph }) => {
    await created(subgraph);
    await granted(subgraph, {
      ...grant,
      scopes: [...(('scopes' in grant && grant.scopes) || ['orders:read'])],
      shopIds: [...(('shopIds' in grant && grant.shopIds) || ['shp_1'])],
    });
    subgraph.work();

    await subgraph.deliver('accounts.webhooks', orderPlaced, placed('ord_1', 'shp_1'));
    await subgraph.quiet();

    expect(await messagesOf(subgraph)).toEqual([]);
  });

  test('of a person is told by their own grant, once however often the fact comes', async ({
    subgraph,
  }) => {
    await created(subgraph, { topics: ['profile.changed', 'order.placed'] });
    await granted(subgraph, {
      userId: 'usr_buyer',
      scopes: ['profile:read', 'orders:read'],
      shopIds: [],
    });
    subgraph.work();
    const fact = {
      aggregateId: 'usr_buyer',
      aggregateVersion: 3,
      payload: { userId: 'usr_buyer', displayName: 'Ann', handle: 'ann', avatarUrl: null },
    };

    const id = await subgraph.deliver('accounts.webhooks', profileChanged, fact);
    await subgraph.deliver('accounts.webhooks', profileChanged, { ...fact, id });
    await subgraph.deliver('accounts.webhooks', orderPlaced, placed('ord_1', 'shp_9'));
    await subgraph.quiet();
    // As after the memory of the fact has expired.
    await subgraph.services.db.collection('consumed_facts').deleteMany({});
    await subgraph.deliver('accounts.webhooks', profileChanged, { ...fact, id });
    await subgraph.quiet();

    const types = (await messagesOf(subgraph)).map(({ type }) => type);
    expect(types.toSorted()).toEqual(['order.placed', 'profile.changed']);
  });

  test('is held by a paused webhook, and in its log', async ({ subgraph }) => {
    const { id } = await created(subgraph);
    await granted(subgraph);
    await run(subgraph, 'pause', { webhookId: id });
    subgraph.work();
    await subgraph.deliver('accounts.webhooks', orderPlaced, placed('ord_1', 'shp_1'));
    await subgraph.quiet();

    const log = await subgraph.execute(LOG, { id, filter: { states: ['PENDING'] } }, developer);
    expect(log.data?.['app'].webhook.deliveries.nodes).toMatchObject([
      { topic: 'order.placed', entityId: 'ord_1', state: 'PENDING', attempts: [] },
    ]);
    const none = await subgraph.execute(LOG, { id, filter: { topics: ['shop.opened'] } }, app);
    expect(none.data?.['app'].webhook.deliveries.nodes).toEqual([]);
  });
});

test('topics are listed with schema, example and a scope that can be granted', async ({
  subgraph,
}) => {
  const { data } = await subgraph.execute(
    '{ webhookTopics { name version description scope payloadSchema example } }',
  );
  const { scopeNames } = await import('@vitrine/platform/scopes');
  for (const topic of data?.['webhookTopics'] ?? []) {
    expect(scopeNames).toContain(topic.scope);
    expect(Object.keys(JSON.parse(topic.payloadSchema).properties).toSorted()).toEqual(
      Object.keys(JSON.parse(topic.example)).toSorted(),
    );
  }
  expect(data?.['webhookTopics'].length).toBeGreaterThan(8);
});
