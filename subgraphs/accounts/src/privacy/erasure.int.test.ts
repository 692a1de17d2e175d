import { actionRecorded } from '@vitrine/events/audit';
import { erasureRequested, partErased } from '@vitrine/events/privacy';
import { shopOpened } from '@vitrine/events/shops';
import { HOUR, MINUTE } from '@vitrine/kernel/clock';
import { metrics } from '@vitrine/platform/metrics';
import { startTimers } from '@vitrine/platform/timers';
import { findText } from '@vitrine/testkit/find-text';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect, onTestFinished } from 'vitest';
import { appModel } from '../apps/app.model.ts';
import { grantModel } from '../grants/grant.model.ts';
import { accounts } from '../index.ts';
import { membershipModel } from '../memberships/membership.model.ts';
import { seedAccounts } from '../seed.ts';
import { privacyTimers, watchErasures } from './privacy.worker.ts';
import { asked } from './progress.ts';

const test = subgraphTest(accounts);

const ann = aViewer({ userId: 'usr_01JNYZ8V4D0000000000000ANN' });
const shopId = 'shp_01JNYZ8V4D000000000000SH0P';
const PASSWORD = 'correct horse';

const seed = ({ services }: TestSubgraph, role?: 'OWNER' | 'AGENT') =>
  seedAccounts(
    services,
    [
      {
        userId: ann.userId,
        email: 'ann@example.com',
        displayName: 'Annabel Quaerens',
        handle: 'annabelq',
        roles: ['BUYER'],
        memberships: role ? [{ shopId, role }] : [],
      },
    ],
    { password: PASSWORD },
  );

const ERASE = `mutation ($input: EraseAccountInput!) {
  eraseAccount(input: $input) {
    secret
    erasure { state progress { subgraph state } }
    userErrors { __typename ... on UserError { code path } ... on ShopsOwnedError { shops { id } } }
  }
}`;
const erase = async (
  { execute }: TestSubgraph,
  viewer = ann,
  input: Record<string, unknown> = { password: PASSWORD },
) => {
  const { data, errors } = await execute(ERASE, { input }, viewer);
  return { ...data?.['eraseAccount'], thrown: errors?.[0]?.extensions['code'] };
};
const progressOf = async ({ execute }: TestSubgraph, secret: string) =>
  (
    await execute(
      'query ($secret: ID!) { erasure(secret: $secret) { state doneAt progress { subgraph state } } }',
      { secret },
    )
  ).data?.['erasure'];

async function confirmAll(subgraph: TestSubgraph, but: readonly string[] = []): Promise<void> {
  const [request] = await subgraph.emitted(erasureRequested);
  for (const name of asked.filter((one) => !but.includes(one))) {
    const payload = { erasureId: request?.erasureId ?? '', subgraph: name };
    await subgraph.deliver('accounts.privacy', partErased, {
      aggregateId: `${payload.erasureId}/${name}`,
      aggregateVersion: 1,
      payload,
    });
  }
  await subgraph.quiet();
}

describe('asking for it', () => {
  test('takes the password, and nobody but the person', async ({ subgraph }) => {
    await seed(subgraph);

    expect((await erase(subgraph, ann, { password: 'wrong' })).userErrors).toEqual([
      {
        __typename: 'EraseAccountRefusedError',
        code: 'PASSWORD_WRONG',
        path: ['input', 'password'],
      },
    ]);
    expect((await erase(subgraph, { ...ann, appId: 'app_1' })).thrown).toBe('FORBIDDEN');
    expect((await erase(subgraph, { ...ann, impersonatorId: 'usr_op' })).thrown).toBe('FORBIDDEN');
    expect(await subgraph.emitted(erasureRequested)).toEqual([]);
  });

  test('is refused to who owns a shop, with the shop', async ({ subgraph }) => {
    await seed(subgraph, 'OWNER');

    expect((await erase(subgraph)).userErrors).toEqual([
      { __typename: 'ShopsOwnedError', code: 'SHOPS_OWNED', path: null, shops: [{ id: shopId }] },
    ]);
    expect(await findText(subgraph.services.db, ['ann@example.com'])).toEqual(['people.email']);
  });

  test('locks the account at once, and ends what others hold in its name', async ({ subgraph }) => {
    const { services, clock } = subgraph;
    await seed(subgraph, 'AGENT');
    const at = clock.now();
    const appId = 'app_01JNYZ8V4D00000000000000PP';
    await appModel(services.db).collection.insertOne({
      _id: appId as never, // the driver's type wants an ObjectId
      developerUserId: ann.userId,
      name: 'Tool',
    });
    for (const [userId, app] of [
      [ann.userId, 'app_other'],
      ['usr_other', appId],
    ] as const) {
      await grantModel(services.db).create({
        _id: `grt_${userId}`,
        userId,
        appId: app,
        scopes: [],
        shopIds: [],
        sessionId: `ses_${userId}`,
        grantedAt: at,
        lastUsedAt: null,
        expiresAt: new Date(at.getTime() + HOUR),
      });
    }

    const { secret, erasure, userErrors } = await erase(subgraph);

    expect(userErrors).toEqual([]);
    expect(secret).toMatch(/^[\w-]{32}$/);
    expect(erasure.state).toBe('RUNNING');
    expect(await appModel(services.db).countDocuments()).toBe(0);
    expect(await grantModel(services.db).countDocuments()).toBe(0);
    expect(await membershipModel(services.db).countDocuments()).toBe(0);
    const signIn = await subgraph.execute(
      'mutation ($input: SignInInput!) { signIn(input: $input) { accessToken userErrors { ... on UserError { code } } } }',
      { input: { email: 'ann@example.com', password: PASSWORD } },
    );
    expect(signIn.data?.['signIn'].userErrors).toEqual([{ code: 'INVALID_CREDENTIALS' }]);
    expect((await erase(subgraph)).userErrors).toMatchObject([{ code: 'PASSWORD_WRONG' }]);
  });

  test('twice at once begins once', async ({ subgraph }) => {
    await seed(subgraph);

    const both = await Promise.all([erase(subgraph), erase(subgraph)]);

    expect(both.filter(({ secret }) => typeof secret === 'string')).toHaveLength(1);
    expect(await subgraph.emitted(erasureRequested)).toHaveLength(1);
  });
});

describe('an erasure', () => {
  test('ends with accounts’ own part, when everybody has confirmed, however often', async ({
    subgraph,
  }) => {
    await seed(subgraph);
    const { secret } = await erase(subgraph);
    subgraph.work();
    await confirmAll(subgraph, ['social']);
    expect((await progressOf(subgraph, secret)).state).toBe('RUNNING');
    await confirmAll(subgraph);
    await confirmAll(subgraph);

    const { state, doneAt, progress } = await progressOf(subgraph, secret);
    expect([state, doneAt]).toEqual(['DONE', subgraph.clock.now().toISOString()]);
    expect(new Set(progress.map((part: { state: string }) => part.state))).toEqual(
      new Set(['DONE']),
    );
    const needles = ['ann@example.com', 'Annabel Quaerens', 'annabelq'];
    expect(await findText(subgraph.services.db, needles)).toEqual([]);
    expect(await progressOf(subgraph, 'another')).toBeNull();
  });

  test('is asked for again while somebody has not confirmed, which a metric tells', async ({
    subgraph,
  }) => {
    const { services, clock } = subgraph;
    await seed(subgraph);
    await erase(subgraph);
    subgraph.work();
    await confirmAll(subgraph, ['social']);
    const timers = startTimers(services, privacyTimers(services));
    onTestFinished(async () => {
      await timers.close();
    });
    const asks = async () => (await subgraph.emitted(erasureRequested)).length;

    clock.advance(11 * MINUTE);
    await timers.sweep();
    await expect.poll(asks).toBe(2);
    clock.advance(HOUR);
    await watchErasures(services);

    const told = await metrics.getMetricsAsJSON();
    const age = told.find(({ name }) => name === 'vitrine_erasure_oldest_unconfirmed_seconds');
    const of = (name: string) =>
      age?.values.find(({ labels }) => labels['subgraph'] === name)?.value;
    expect(of('social')).toBe(71 * 60);
    expect(of('orders')).toBe(0);

    await confirmAll(subgraph);
    const before = await asks();
    clock.advance(11 * MINUTE);
    await timers.sweep();
    await subgraph.quiet();
    expect(await asks()).toBe(before);
  });

  test('keeps out what is told of the person later', async ({ subgraph }) => {
    const { services } = subgraph;
    await seed(subgraph);
    await erase(subgraph);
    subgraph.work();
    await confirmAll(subgraph);

    await subgraph.deliver('accounts.memberships', shopOpened, {
      aggregateId: shopId,
      aggregateVersion: 1,
      payload: { shopId, ownerUserId: ann.userId, name: 'B', market: 'ID', currencyCode: 'IDR' },
    });
    await subgraph.deliver('accounts.audit', actionRecorded, {
      aggregateId: 'late',
      aggregateVersion: 1,
      payload: {
        action: 'orders.order-cancelled',
        subject: { type: 'Order', id: 'ord_1' },
        shopId,
        userId: null,
        actor: {
          kind: 'PERSON',
          userId: ann.userId,
          appId: null,
          impersonatorId: null,
          sessionId: null,
          job: null,
        },
        origin: { address: '203.0.113.77', userAgent: null },
        requestId: null,
        before: null,
        after: null,
      },
    });
    await subgraph.quiet();

    expect(await membershipModel(services.db).countDocuments()).toBe(0);
    expect(await findText(services.db, ['203.0.113.77'])).toEqual([]);
    expect(await findText(services.db, ['orders.order-cancelled'])).toEqual([
      'audit_entries.action',
    ]);
  });
});
