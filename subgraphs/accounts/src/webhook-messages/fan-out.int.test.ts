import { profileChanged } from '@vitrine/events/accounts';
import type { MoneyValue } from '@vitrine/events/fact';
import { orderPlaced } from '@vitrine/events/orders';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { describe, expect } from 'vitest';
import { grantModel } from '../grants/grant.model.ts';
import { accounts } from '../index.ts';
import { membershipId, membershipModel } from '../memberships/membership.model.ts';
import { deliveryModel } from '../webhook-deliveries/delivery.model.ts';
import { app, created, developer, LOG, run } from './webhook.fixture.ts';

const test = subgraphTest(accounts);

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
