import { packageMoved, stockRefused, stockReserved } from '@vitrine/events/logistics';
import {
  checkoutAbandoned,
  orderCancelled,
  orderPlaced,
  stockRequested,
} from '@vitrine/events/orders';
import { MINUTE } from '@vitrine/kernel/clock';
import type { Timers } from '@vitrine/platform/timers';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { describe } from 'vitest';
import { logistics } from '../index.ts';
import { packageStore } from '../packages/package.store.ts';
import { seedStock } from '../seed.ts';
import { stockStore } from '../stock/stock.store.ts';
import { GRACE_MS } from './reservation.store.ts';

const base = subgraphTest(logistics);

const price = { minor: '1990', currencyCode: 'IDR' };

/** A shop's stock in Indonesia and one checkout after another, by the facts that orders tells. */
const openStore = (subgraph: TestSubgraph) => {
  const { services, deliver } = subgraph;
  const parts = subgraph.work();
  const timers = parts.find((part): part is Timers => 'sweep' in part);
  const tell = <Payload extends object>(
    contract: Parameters<typeof deliver<Payload>>[1],
    aggregateId: string,
    payload: Payload,
  ) => deliver('logistics.reservations', contract, { aggregateId, aggregateVersion: 1, payload });
  const about = (orderId: string, checkoutId: string) => ({
    orderId,
    checkoutId,
    buyerId: 'usr_1',
    shopId: 'shp_1',
    market: 'ID',
  });
  return {
    /** Units by `<variant>/<warehouse>`; warehouses are w1 and w2. */
    async stock(levels: Record<string, number>) {
      await seedStock(services, {
        warehouses: ['w1', 'w2'].map((warehouseId) => ({
          warehouseId,
          shopId: 'shp_1',
          market: 'ID',
          name: warehouseId,
        })),
        levels: Object.entries(levels).map(([key, onHand]) => {
          const [variantId = '', warehouseId = ''] = key.split('/');
          const owner = { productId: 'prd_1', shopId: 'shp_1', weightGrams: 100 };
          return { variantId, warehouseId, onHand, ...owner };
        }),
      });
    },
    async request(checkoutId: string, ...wanted: [variantId: string, quantity: number][]) {
      const lines = wanted.map(([variantId, quantity]) => ({ variantId, quantity }));
      await tell(stockRequested, checkoutId, { checkoutId, market: 'ID', lines });
      await subgraph.quiet();
    },
    async abandon(checkoutId: string) {
      await tell(checkoutAbandoned, checkoutId, { checkoutId, reason: 'PAYMENT_DECLINED' });
      await subgraph.quiet();
    },
    async place(orderId: string, checkoutId: string, ...variantIds: string[]) {
      await tell(orderPlaced, orderId, {
        ...about(orderId, checkoutId),
        buyerAlias: 'A***n',
        lines: variantIds.map((variantId, index) => ({
          orderLineId: `${orderId}-${index}`,
          productId: 'prd_1',
          variantId,
          sku: variantId,
          title: 'Kopi',
          price,
          source: null,
        })),
        shippingOptionId: 'standard-id-id',
        total: price,
      });
      await subgraph.quiet();
    },
    async cancel(orderId: string, checkoutId: string, ...variantIds: string[]) {
      await tell(orderCancelled, orderId, {
        ...about(orderId, checkoutId),
        lines: variantIds.map((variantId, index) => ({
          orderLineId: `${orderId}-${index}`,
          productId: 'prd_1',
          variantId,
          refunded: price,
        })),
      });
      await subgraph.quiet();
    },
    /** Lets what a checkout was promised, and the grace after it, run out. */
    async expire() {
      subgraph.clock.advance(15 * MINUTE + GRACE_MS);
      await timers?.sweep();
    },
    sweep: () => timers?.sweep(),
    async levels(...variantIds: string[]) {
      const levels = await stockStore(services).findByVariants(variantIds);
      return Object.fromEntries(
        levels.map(({ variantId, warehouseId, onHand, reserved, available }) => [
          `${variantId}/${warehouseId}`,
          [onHand, reserved, available],
        ]),
      );
    },
    packages: (...orderIds: string[]) => packageStore(services).findByOrders(orderIds),
  };
};

const test = base.extend<{ store: ReturnType<typeof openStore> }>({
  store: async ({ subgraph }, use) => use(openStore(subgraph)),
});

describe('a request for stock', () => {
  test('is answered with a reservation that lasts as long as the market says', async ({
    subgraph,
    store,
    expect,
  }) => {
    await store.stock({ 'a/w1': 5 });

    await store.request('chk_1', ['a', 2]);

    expect(await store.levels('a')).toEqual({ 'a/w1': [5, 2, 3] });
    expect(await subgraph.emitted(stockReserved)).toMatchObject([
      { checkoutId: 'chk_1', expiresAt: '2026-03-01T12:15:00.000Z' },
    ]);
  });

  test('is filled from several warehouses where one has too little', async ({ store, expect }) => {
    await store.stock({ 'a/w1': 1, 'a/w2': 2 });

    await store.request('chk_1', ['a', 3]);

    expect(await store.levels('a')).toEqual({ 'a/w1': [1, 1, 0], 'a/w2': [2, 2, 0] });
  });

  test('is refused as a whole, with two lines of one variant taken together', async ({
    subgraph,
    store,
    expect,
  }) => {
    await store.stock({ 'a/w1': 3, 'b/w1': 9 });

    await store.request('chk_1', ['b', 1], ['a', 2], ['a', 2]);

    expect(await store.levels('a', 'b')).toEqual({ 'a/w1': [3, 0, 3], 'b/w1': [9, 0, 9] });
    expect(await subgraph.emitted(stockRefused)).toEqual([
      { checkoutId: 'chk_1', shortages: [{ variantId: 'a', requested: 4, available: 3 }] },
    ]);
  });

  test('told again as another fact is not answered again', async ({ subgraph, store, expect }) => {
    await store.stock({ 'a/w1': 3 });

    await store.request('chk_1', ['a', 2]);
    await store.request('chk_1', ['a', 2]);
    await store.request('chk_2', ['a', 2]);
    await store.request('chk_2', ['a', 2]);

    expect(await subgraph.emitted(stockReserved)).toHaveLength(1);
    expect(await subgraph.emitted(stockRefused)).toHaveLength(1);
    expect(await store.levels('a')).toEqual({ 'a/w1': [3, 2, 1] });
  });

  test('that comes after its checkout was abandoned gets nothing', async ({
    subgraph,
    store,
    expect,
  }) => {
    await store.stock({ 'a/w1': 3 });

    await store.abandon('chk_1');
    await store.request('chk_1', ['a', 2]);

    expect(await store.levels('a')).toEqual({ 'a/w1': [3, 0, 3] });
    expect(await subgraph.emitted(stockReserved)).toEqual([]);
  });

  test('in a market where we do not trade is refused', async ({ subgraph, store, expect }) => {
    await store.stock({ 'a/w1': 3 });
    await subgraph.deliver('logistics.reservations', stockRequested, {
      aggregateId: 'chk_1',
      aggregateVersion: 1,
      payload: { checkoutId: 'chk_1', market: 'AQ', lines: [{ variantId: 'a', quantity: 1 }] },
    });
    await subgraph.quiet();

    expect(await subgraph.emitted(stockRefused)).toMatchObject([
      { shortages: [{ variantId: 'a', available: 0 }] },
    ]);
  });
});

describe('a reservation', () => {
  test('is let go when its checkout is abandoned, once', async ({ store, expect }) => {
    await store.stock({ 'a/w1': 3 });
    await store.request('chk_1', ['a', 2]);

    await store.abandon('chk_1');
    await store.abandon('chk_1');

    expect(await store.levels('a')).toEqual({ 'a/w1': [3, 0, 3] });
  });

  test('outlives its promise by a grace and is let go then', async ({
    subgraph,
    store,
    expect,
  }) => {
    await store.stock({ 'a/w1': 3 });
    await store.request('chk_1', ['a', 2]);

    subgraph.clock.advance(15 * MINUTE);
    await store.sweep();
    expect(await store.levels('a')).toEqual({ 'a/w1': [3, 2, 1] });

    subgraph.clock.advance(GRACE_MS);
    await store.sweep();
    expect(await store.levels('a')).toEqual({ 'a/w1': [3, 0, 3] });
  });

  test('is claimed part by part by the orders of its checkout', async ({ store, expect }) => {
    await store.stock({ 'a/w1': 5, 'b/w1': 5 });
    await store.request('chk_1', ['a', 2], ['b', 1]);

    await store.place('ord_1', 'chk_1', 'a', 'a');
    expect(await store.levels('a', 'b')).toEqual({ 'a/w1': [3, 0, 3], 'b/w1': [5, 1, 4] });

    await store.place('ord_2', 'chk_1', 'b');
    await store.expire();
    expect(await store.levels('a', 'b')).toEqual({ 'a/w1': [3, 0, 3], 'b/w1': [4, 0, 4] });
    expect(await store.packages('ord_1', 'ord_2')).toMatchObject([
      { state: 'PROCESSING', lines: [{ orderLineId: 'ord_1-0', warehouseId: 'w1' }, {}] },
      { state: 'PROCESSING', lines: [{ orderLineId: 'ord_2-0' }] },
    ]);
  });
});

describe('a placed order', () => {
  test('told twice takes its units and opens its parcel once', async ({ store, expect }) => {
    await store.stock({ 'a/w1': 5 });
    await store.request('chk_1', ['a', 1]);

    await store.place('ord_1', 'chk_1', 'a');
    await store.place('ord_1', 'chk_1', 'a');

    expect(await store.levels('a')).toEqual({ 'a/w1': [4, 0, 4] });
    expect(await store.packages('ord_1')).toHaveLength(1);
  });

  test('whose reservation expired meanwhile takes units anew', async ({ store, expect }) => {
    await store.stock({ 'a/w1': 2 });
    await store.request('chk_1', ['a', 2]);
    await store.expire();

    await store.place('ord_1', 'chk_1', 'a', 'a');

    expect(await store.levels('a')).toEqual({ 'a/w1': [0, 0, 0] });
  });

  test('whose units were sold after it expired is short of them, and no level falls below zero', async ({
    store,
    expect,
  }) => {
    await store.stock({ 'a/w1': 2 });
    await store.request('chk_1', ['a', 2]);
    await store.expire();
    await store.request('chk_2', ['a', 1]);

    await store.place('ord_1', 'chk_1', 'a', 'a');
    await store.place('ord_2', 'chk_2', 'a');

    expect(await store.levels('a')).toEqual({ 'a/w1': [0, 0, 0] });
    const [short] = await store.packages('ord_1');
    expect(short?.lines.map(({ warehouseId }) => warehouseId)).toEqual(['w1', null]);
  });

  test('and the expiry of its reservation at the same moment take the units once', async ({
    subgraph,
    store,
    expect,
  }) => {
    await store.stock({ 'a/w1': 5 });
    await store.request('chk_1', ['a', 2]);
    subgraph.clock.advance(15 * MINUTE + GRACE_MS);

    await Promise.all([store.sweep(), store.place('ord_1', 'chk_1', 'a', 'a')]);

    expect(await store.levels('a')).toEqual({ 'a/w1': [3, 0, 3] });
  });
});

describe('a cancelled order', () => {
  test('returns its units once and stops its parcel', async ({ subgraph, store, expect }) => {
    await store.stock({ 'a/w1': 5 });
    await store.request('chk_1', ['a', 2]);
    await store.place('ord_1', 'chk_1', 'a', 'a');

    await store.cancel('ord_1', 'chk_1', 'a', 'a');
    await store.cancel('ord_1', 'chk_1', 'a', 'a');

    expect(await store.levels('a')).toEqual({ 'a/w1': [5, 0, 5] });
    expect(await store.packages('ord_1')).toMatchObject([{ state: 'CANCELLED' }]);
    expect(await subgraph.emitted(packageMoved)).toEqual([]);
  });

  test('that is heard of before it is placed holds nothing and has no parcel', async ({
    store,
    expect,
  }) => {
    await store.stock({ 'a/w1': 5 });
    await store.request('chk_1', ['a', 2]);

    await store.cancel('ord_1', 'chk_1', 'a', 'a');
    await store.place('ord_1', 'chk_1', 'a', 'a');
    await store.place('ord_1', 'chk_1', 'a', 'a');

    expect(await store.levels('a')).toEqual({ 'a/w1': [5, 0, 5] });
    expect(await store.packages('ord_1')).toEqual([]);
  });
});
