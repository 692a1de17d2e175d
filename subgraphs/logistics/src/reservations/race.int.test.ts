import type { FactContract } from '@vitrine/events/fact';
import { availabilityChanged, stockRefused, stockReserved } from '@vitrine/events/logistics';
import {
  checkoutAbandoned,
  orderCancelled,
  orderPlaced,
  stockRequested,
} from '@vitrine/events/orders';
import { listDeadLetters } from '@vitrine/platform/dead-letters';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import fc from 'fast-check';
import { logistics } from '../index.ts';
import { seedStock } from '../seed.ts';
import { stockStore } from '../stock/stock.store.ts';
import { reservationModels } from './reservation.model.ts';

const test = subgraphTest(logistics);

const seed = (subgraph: TestSubgraph, onHand: Record<string, number>) =>
  seedStock(subgraph.services, {
    warehouses: ['w1', 'w2'].map((warehouseId) => ({
      warehouseId,
      shopId: 'shp_1',
      market: 'ID',
      name: warehouseId,
    })),
    levels: Object.entries(onHand).map(([key, units]) => {
      const [variantId = '', warehouseId = ''] = key.split('/');
      const owner = { productId: 'prd_1', shopId: 'shp_1', weightGrams: 100 };
      return { variantId, warehouseId, onHand: units, ...owner };
    }),
  });

const tell = <Payload extends object>(
  subgraph: TestSubgraph,
  contract: FactContract<string, Payload>,
  payload: Payload,
) =>
  subgraph.deliver('logistics.reservations', contract, {
    aggregateId: 'any',
    aggregateVersion: 1,
    payload,
  });

const request = (subgraph: TestSubgraph, checkoutId: string, wanted: Record<string, number>) =>
  tell(subgraph, stockRequested, {
    checkoutId,
    market: 'ID',
    lines: Object.entries(wanted).map(([variantId, quantity]) => ({ variantId, quantity })),
  });

test('fifty buyers who race for ten units get exactly ten', async ({ subgraph, expect }) => {
  await seed(subgraph, { 'a/w1': 6, 'a/w2': 4 });
  subgraph.work();

  await Promise.all(Array.from({ length: 50 }, (_, i) => request(subgraph, `chk_${i}`, { a: 1 })));
  await subgraph.quiet();

  expect(await subgraph.emitted(stockReserved)).toHaveLength(10);
  expect(await subgraph.emitted(stockRefused)).toHaveLength(40);
  const levels = await stockStore(subgraph.services).findByVariants(['a']);
  expect(levels.map(({ available }) => available)).toEqual([0, 0]);
  const news = await subgraph.emitted(availabilityChanged);
  expect(news.map(({ isAvailable }) => isAvailable)).toEqual([true, false]);
});

test('two hundred requests for mixed baskets, worked by two processes, oversell nothing', async ({
  subgraph,
  expect,
}) => {
  await seed(subgraph, { 'a/w1': 40, 'b/w1': 30, 'c/w2': 50 });
  subgraph.work();
  subgraph.work();
  const baskets: readonly Record<string, number>[] = [{ a: 1, b: 1 }, { b: 2 }, { c: 1, a: 2 }];

  await Promise.all(
    Array.from({ length: 200 }, (_, i) => request(subgraph, `chk_${i}`, baskets[i % 3] ?? {})),
  );
  await subgraph.quiet();

  const answered = [
    ...(await subgraph.emitted(stockReserved)),
    ...(await subgraph.emitted(stockRefused)),
  ];
  expect(new Set(answered.map(({ checkoutId }) => checkoutId)).size).toBe(200);
  expect(answered).toHaveLength(200);
  const held = await reservationModels(subgraph.services.db).reservations.find({ state: 'HELD' });
  for (const level of await stockStore(subgraph.services).findByVariants(['a', 'b', 'c'])) {
    const parts = held.flatMap((row) => row.parts.filter((p) => p.variantId === level.variantId));
    expect(level.available).toBeGreaterThanOrEqual(0);
    expect(level.reserved).toBe(parts.reduce((sum, { quantity }) => sum + quantity, 0));
    expect(level.onHand).toBe(level.reserved + level.available);
  }
});

const variantId = fc.constantFrom('a', 'b');
const checkoutId = fc.constantFrom('chk_1', 'chk_2', 'chk_3', 'chk_4', 'chk_5');
const orderId = fc.constantFrom('ord_1', 'ord_2', 'ord_3', 'ord_4');
const quantity = fc.integer({ min: 1, max: 3 });
const happening = fc.oneof(
  fc.record({ kind: fc.constant('request' as const), checkoutId, variantId, quantity }),
  fc.record({ kind: fc.constant('abandon' as const), checkoutId }),
  fc.record({ kind: fc.constant('place' as const), checkoutId, orderId, variantId }),
  fc.record({ kind: fc.constant('cancel' as const), orderId }),
  fc.record({ kind: fc.constant('adjust' as const), variantId, delta: fc.constantFrom(-2, 1, 3) }),
);
type Happening = typeof happening extends fc.Arbitrary<infer One> ? One : never;

const price = { minor: '1', currencyCode: 'IDR' };
const line = { orderLineId: 'oln_1', productId: 'prd_1' };
const about = { buyerId: 'usr_1', shopId: 'shp_1', market: 'ID' };

/** Makes one thing happen while the others do; answers units that staff brought or took. */
async function happen(subgraph: TestSubgraph, one: Happening, index: number): Promise<number> {
  switch (one.kind) {
    case 'request':
      await request(subgraph, one.checkoutId, { [one.variantId]: one.quantity });
      return 0;
    case 'abandon':
      await tell(subgraph, checkoutAbandoned, { checkoutId: one.checkoutId, reason: 'EXPIRED' });
      return 0;
    case 'place': {
      const { orderId: id, checkoutId: checkout, variantId: variant } = one;
      const units = { ...line, variantId: variant, sku: 's', title: 't', price, source: null };
      await tell(subgraph, orderPlaced, {
        ...about,
        orderId: id,
        checkoutId: checkout,
        buyerAlias: 'A***n',
        lines: [units, { ...units, orderLineId: 'oln_2' }],
        shippingOptionId: 'standard-id-id',
        total: price,
      });
      return 0;
    }
    case 'cancel':
      await tell(subgraph, orderCancelled, {
        ...about,
        orderId: one.orderId,
        checkoutId: 'chk_1',
        lines: [{ ...line, variantId: 'a', refunded: price }],
      });
      return 0;
    case 'adjust': {
      const outcome = await stockStore(subgraph.services).change({
        variantId: one.variantId,
        warehouseId: 'w1',
        productId: 'prd_1',
        shopId: 'shp_1',
        market: 'ID',
        userId: 'usr_9',
        idempotencyKey: `key-${index}`,
        change: { kind: 'ADJUST', delta: one.delta },
      });
      return outcome.ok ? one.delta : 0;
    }
  }
}

test.for([1, 2, 3])(
  'random facts at once (seed %i) leave every unit accounted for',
  async (seedNumber, { subgraph, expect }) => {
    const [happenings = []] = fc.sample(fc.array(happening, { minLength: 80, maxLength: 80 }), {
      numRuns: 1,
      seed: seedNumber,
    });
    await seed(subgraph, { 'a/w1': 4, 'a/w2': 2, 'b/w1': 3 });
    subgraph.work();

    const changes = await Promise.all(happenings.map((one, i) => happen(subgraph, one, i)));
    await subgraph.quiet();

    const { reservations, orderStock } = reservationModels(subgraph.services.db);
    const held = (await reservations.find({ state: 'HELD' })).flatMap(({ parts }) => parts);
    const owned = (await orderStock.find({ state: 'TAKEN' }))
      .flatMap(({ units }) => units)
      .filter(({ warehouseId }) => warehouseId !== null);
    const levels = await stockStore(subgraph.services).findByVariants(['a', 'b']);
    for (const level of levels) {
      const own = held.filter(
        (part) => part.variantId === level.variantId && part.warehouseId === level.warehouseId,
      );
      expect(level.onHand).toBe(level.reserved + level.available);
      expect(Math.min(level.available, level.reserved)).toBeGreaterThanOrEqual(0);
      expect(level.reserved).toBe(own.reduce((sum, part) => sum + part.quantity, 0));
    }
    expect(await listDeadLetters(subgraph.services, 'logistics.reservations')).toEqual([]);
    const brought = 9 + changes.reduce((sum, delta) => sum + delta, 0);
    expect(levels.reduce((sum, { onHand }) => sum + onHand, 0) + owned.length).toBe(brought);
  },
);
