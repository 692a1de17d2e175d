import { packageMoved } from '@vitrine/events/logistics';
import { orderCancelled, orderPlaced } from '@vitrine/events/orders';
import type { Viewer } from '@vitrine/platform/viewer';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { anOperator, aViewer, staffOf } from '@vitrine/testkit/viewers';
import type { ExecutionResult } from 'graphql';
import { describe } from 'vitest';
import { logistics } from '../index.ts';
import { seedStock } from '../seed.ts';
import { stockStore } from '../stock/stock.store.ts';
import { packageStore } from './package.store.ts';

const test = subgraphTest(logistics);

const buyer = aViewer({ userId: 'usr_buyer' });
const staff = staffOf('shp_1');
const price = { minor: '1990', currencyCode: 'IDR' };
const about = { checkoutId: 'chk_1', buyerId: 'usr_buyer', shopId: 'shp_1', market: 'ID' };
const line = { orderLineId: 'oln_1', productId: 'prd_1', variantId: 'var_1' };

/** A placed order of one unit, of which there were two; answers its parcel's id. */
async function placed(subgraph: TestSubgraph): Promise<string> {
  await seedStock(subgraph.services, {
    warehouses: [{ warehouseId: 'whs_1', shopId: 'shp_1', market: 'ID', name: 'Bandung' }],
    levels: [
      {
        variantId: 'var_1',
        productId: 'prd_1',
        shopId: 'shp_1',
        warehouseId: 'whs_1',
        weightGrams: 100,
        onHand: 2,
      },
    ],
  });
  subgraph.work();
  await subgraph.deliver('logistics.reservations', orderPlaced, {
    aggregateId: 'ord_1',
    aggregateVersion: 1,
    payload: {
      ...about,
      orderId: 'ord_1',
      buyerAlias: 'A***n',
      lines: [{ ...line, sku: 'S', title: 'Kopi', price, source: null }],
      shippingOptionId: 'standard-id-id',
      total: price,
    },
  });
  await subgraph.quiet();
  const [parcel] = await packageStore(subgraph.services).findByOrders(['ord_1']);
  return parcel?.id ?? '';
}

async function cancel(subgraph: TestSubgraph) {
  await subgraph.deliver('logistics.reservations', orderCancelled, {
    aggregateId: 'ord_1',
    aggregateVersion: 2,
    payload: { ...about, orderId: 'ord_1', lines: [{ ...line, refunded: price }] },
  });
  await subgraph.quiet();
}

const payload = `
  package { id state version carrier trackingNumber shippedAt deliveredAt trackingEvents { status raw } }
  userErrors { __typename ... on UserError { code path } }
  replayed
`;
const SHIP = `mutation ($input: ShipPackageInput!) { shipPackage(input: $input) { ${payload} } }`;
const TRACK = `mutation ($input: RecordTrackingEventInput!) { recordTrackingEvent(input: $input) { ${payload} } }`;

async function ship(subgraph: TestSubgraph, input: object, viewer: Viewer | null = staff) {
  const defaults = { carrier: 'JNE', trackingNumber: 'JNE-12345', idempotencyKey: 'key-1' };
  const result = await subgraph.execute(SHIP, { input: { ...defaults, ...input } }, viewer);
  return result.data?.['shipPackage'] ?? codeOf(result);
}

const codeOf = ({ errors }: ExecutionResult) => errors?.[0]?.extensions['code'];

async function track(subgraph: TestSubgraph, input: object, viewer: Viewer | null = staff) {
  const defaults = {
    status: 'IN_TRANSIT',
    occurredAt: '2026-03-01T12:00:00.000Z',
    idempotencyKey: 'event-1',
  };
  const result = await subgraph.execute(TRACK, { input: { ...defaults, ...input } }, viewer);
  return result.data?.['recordTrackingEvent'] ?? codeOf(result);
}

describe('shipping a parcel', () => {
  test('hands it over and tells the order, once per key', async ({ subgraph, expect }) => {
    const packageId = await placed(subgraph);

    const first = await ship(subgraph, { packageId });
    const second = await ship(subgraph, { packageId });

    expect(first).toMatchObject({
      package: {
        state: 'FULFILLING',
        version: 2,
        carrier: 'JNE',
        trackingNumber: 'JNE-12345',
        shippedAt: '2026-03-01T12:00:00.000Z',
        trackingEvents: [{ status: 'PICKED_UP' }],
      },
      userErrors: [],
      replayed: false,
    });
    expect(second).toMatchObject({ package: { version: 2 }, replayed: true });
    expect(await subgraph.emitted(packageMoved)).toEqual([
      {
        packageId,
        orderId: 'ord_1',
        state: 'SHIPPED',
        orderLineIds: ['oln_1'],
        shopId: 'shp_1',
        buyerId: 'usr_buyer',
      },
    ]);
  });

  test('under two keys at once is done once', async ({ subgraph, expect }) => {
    const packageId = await placed(subgraph);

    const outcomes = await Promise.all(
      ['a', 'b', 'c'].map((idempotencyKey) => ship(subgraph, { packageId, idempotencyKey })),
    );

    expect(outcomes.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
    expect(await subgraph.emitted(packageMoved)).toHaveLength(1);
  });

  test('under a used key with another number is refused', async ({ subgraph, expect }) => {
    const packageId = await placed(subgraph);
    await ship(subgraph, { packageId });

    const { userErrors } = await ship(subgraph, { packageId, trackingNumber: 'JNE-99999' });

    expect(userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  });

  test('whose order was cancelled is refused', async ({ subgraph, expect }) => {
    const packageId = await placed(subgraph);
    await cancel(subgraph);

    expect((await ship(subgraph, { packageId })).userErrors).toEqual([
      {
        __typename: 'PackageRefusedError',
        code: 'PACKAGE_CANCELLED',
        path: ['input', 'packageId'],
      },
    ]);
    expect(await subgraph.emitted(packageMoved)).toEqual([]);
  });

  test('with everything wrong reports everything', async ({ subgraph, expect }) => {
    const { userErrors } = await ship(subgraph, {
      packageId: 'pkg_9',
      carrier: '',
      trackingNumber: 'no spaces',
      idempotencyKey: '',
    });

    expect(userErrors.map(({ code }: { code: string }) => code)).toEqual([
      'TEXT_TOO_SHORT',
      'IDEMPOTENCY_KEY_FORMAT',
      'TRACKING_NUMBER_FORMAT',
    ]);
  });

  test('is not for another shop, which learns nothing of it', async ({ subgraph, expect }) => {
    const packageId = await placed(subgraph);

    expect((await ship(subgraph, { packageId }, staffOf('shp_2'))).userErrors).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
  });

  test.for([
    ['its buyer', buyer],
    ['an operator', anOperator()],
  ] as const)('is not for %s', async ([, viewer], { subgraph, expect }) => {
    const packageId = await placed(subgraph);

    expect(await ship(subgraph, { packageId }, viewer)).toBe('FORBIDDEN');
  });
});

describe('a report of the carrier', () => {
  test('of delivery completes the parcel and tells the order, once', async ({
    subgraph,
    expect,
  }) => {
    const packageId = await placed(subgraph);
    await ship(subgraph, { packageId });
    const delivered = { packageId, status: 'DELIVERED', raw: '{"code":"POD"}\r\n' };

    const first = await track(subgraph, delivered, anOperator());
    await track(subgraph, { ...delivered, idempotencyKey: 'event-2' });

    expect(first.package).toMatchObject({
      state: 'COMPLETED',
      deliveredAt: '2026-03-01T12:00:00.000Z',
      trackingEvents: [{ status: 'PICKED_UP' }, { status: 'DELIVERED', raw: '{"code":"POD"}\r\n' }],
    });
    const news = await subgraph.emitted(packageMoved);
    expect(news.map(({ state }) => state)).toEqual(['SHIPPED', 'DELIVERED']);
  });

  test('that comes twice is kept once', async ({ subgraph, expect }) => {
    const packageId = await placed(subgraph);
    await ship(subgraph, { packageId });

    await track(subgraph, { packageId });
    const again = await track(subgraph, { packageId });

    expect(again).toMatchObject({ replayed: true, package: { version: 3 } });
    expect(again.package.trackingEvents).toHaveLength(2);
  });

  test('before the parcel is shipped is refused', async ({ subgraph, expect }) => {
    const packageId = await placed(subgraph);

    expect((await track(subgraph, { packageId })).userErrors).toMatchObject([
      { code: 'NOT_SHIPPED' },
    ]);
  });

  test('with everything wrong reports everything', async ({ subgraph, expect }) => {
    const { userErrors } = await track(subgraph, {
      packageId: 'pkg_9',
      location: 'x'.repeat(121),
      description: '\u0000',
      raw: 'x'.repeat(4_001),
      occurredAt: '2026-03-02T00:00:00Z',
    });

    expect(userErrors.map(({ path }: { path: string[] }) => path[1])).toEqual([
      'location',
      'description',
      'raw',
      'occurredAt',
    ]);
  });

  test('is not for the buyer to make', async ({ subgraph, expect }) => {
    const packageId = await placed(subgraph);

    expect(await track(subgraph, { packageId }, buyer)).toBe('FORBIDDEN');
    expect(await track(subgraph, { packageId }, anOperator({ hasSecondFactor: false }))).toBe(
      'SECOND_FACTOR_REQUIRED',
    );
  });
});

describe('an order that is cancelled while its parcel is under way', () => {
  test('stops the parcel and leaves stock alone: the goods are not here', async ({
    subgraph,
    expect,
  }) => {
    const packageId = await placed(subgraph);
    await ship(subgraph, { packageId });

    await cancel(subgraph);
    await cancel(subgraph);

    expect(await packageStore(subgraph.services).find(packageId)).toMatchObject({
      state: 'CANCELLED',
    });
    expect(await stockStore(subgraph.services).findByVariants(['var_1'])).toMatchObject([
      { onHand: 1, available: 1 },
    ]);
  });

  test('at the moment it is shipped has its unit back or on the road, never both', async ({
    subgraph,
    expect,
  }) => {
    const packageId = await placed(subgraph);

    const [shipped] = await Promise.all([ship(subgraph, { packageId }), cancel(subgraph)]);

    const [level] = await stockStore(subgraph.services).findByVariants(['var_1']);
    expect(level?.available).toBe(shipped.package ? 1 : 2);
    expect(await subgraph.emitted(packageMoved)).toHaveLength(shipped.package ? 1 : 0);
  });
});

describe('a parcel', () => {
  const QUERY = `query ($r: [_Any!]!) {
    _entities(representations: $r) {
      ... on Order { packages { id state lines { orderLine { id } variant { id } warehouse { name } } } }
      ... on Package { id order { id } shop { id } trackingEvents { status raw } }
      ... on Shop { parcels: packages(first: 5, states: [PROCESSING, FULFILLING]) { nodes { id } } }
    }
  }`;

  test('is seen by its buyer without what is none of their business', async ({
    subgraph,
    expect,
  }) => {
    const id = await placed(subgraph);
    await ship(subgraph, { packageId: id });
    await track(subgraph, { packageId: id, raw: 'internal' });
    const r = [
      { __typename: 'Order', id: 'ord_1' },
      { __typename: 'Package', id },
      { __typename: 'Shop', id: 'shp_1' },
    ];
    const see = async (viewer: Viewer | null) =>
      (await subgraph.execute(QUERY, { r }, viewer)).data?.['_entities'];

    const lines = [{ orderLine: { id: 'oln_1' }, variant: { id: 'var_1' }, warehouse: null }];
    const events = [
      { status: 'PICKED_UP', raw: null },
      { status: 'IN_TRANSIT', raw: null },
    ];
    expect(await see(buyer)).toEqual([
      { packages: [{ id, state: 'FULFILLING', lines }] },
      { id, order: { id: 'ord_1' }, shop: { id: 'shp_1' }, trackingEvents: events },
      { parcels: null },
    ]);
    for (const viewer of [staff, anOperator()]) {
      expect(await see(viewer)).toMatchObject([
        { packages: [{ lines: [{ warehouse: { name: 'Bandung' } }] }] },
        { trackingEvents: [{}, { raw: 'internal' }] },
        { parcels: { nodes: [{ id }] } },
      ]);
    }
    for (const viewer of [null, aViewer(), staffOf('shp_2')]) {
      expect(await see(viewer)).toEqual([{ packages: [] }, null, { parcels: null }]);
    }
  });

  test('is found in the list of its shop by state and age', async ({ subgraph, expect }) => {
    const id = await placed(subgraph);
    const LIST = `query ($r: [_Any!]!, $states: [PackageState!], $createdSince: DateTime) {
      _entities(representations: $r) {
        ... on Shop { packages(last: 5, states: $states, createdSince: $createdSince) { nodes { id } } }
      }
    }`;
    const list = async (filter: object) => {
      const r = [{ __typename: 'Shop', id: 'shp_1' }];
      const { data } = await subgraph.execute(LIST, { r, ...filter }, staff);
      return data?.['_entities'][0].packages.nodes;
    };

    expect(await list({})).toEqual([{ id }]);
    expect(await list({ states: ['COMPLETED'] })).toEqual([]);
    expect(await list({ createdSince: '2026-03-01T12:00:00Z' })).toEqual([{ id }]);
    expect(await list({ createdSince: '2026-03-01T12:00:01Z' })).toEqual([]);
  });
});
