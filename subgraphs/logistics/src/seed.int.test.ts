import { availabilityChanged } from '@vitrine/events/logistics';
import { shopOpened } from '@vitrine/events/shops';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { logistics } from './index.ts';
import { type StockSeed, seedStock } from './seed.ts';
import { stockStore } from './stock/stock.store.ts';
import { warehouseModel } from './warehouses/warehouse.model.ts';

const test = subgraphTest(logistics);

const seed = (count: number): StockSeed => ({
  warehouses: ['whs_1', 'whs_2'].map((warehouseId) => ({
    warehouseId,
    shopId: 'shp_1',
    market: 'ID',
    name: warehouseId,
  })),
  levels: Array.from({ length: count }, (_, index) => ({
    variantId: `var_${Math.floor(index / 2)}`,
    productId: `prd_${Math.floor(index / 4)}`,
    shopId: 'shp_1',
    warehouseId: `whs_${(index % 2) + 1}`,
    weightGrams: 100,
    onHand: index < 2 ? 0 : 5,
  })),
});

test('levels are there, and what can be ordered is announced once per variant', async ({
  subgraph,
  expect,
}) => {
  await seedStock(subgraph.services, seed(1_000));

  expect(await stockStore(subgraph.services).findByVariants(['var_0', 'var_499'])).toHaveLength(4);
  const news = await subgraph.emitted(availabilityChanged);
  expect(new Set(news.map(({ variantId }) => variantId)).size).toBe(499);
  expect(news).toHaveLength(499);
  expect(news.some(({ variantId }) => variantId === 'var_0')).toBe(false);
});

test('a second time it throws and changes nothing', async ({ subgraph, expect }) => {
  await seedStock(subgraph.services, seed(8));

  await expect(seedStock(subgraph.services, seed(8))).rejects.toThrow('duplicate key');

  expect(await warehouseModel(subgraph.services.db).countDocuments()).toBe(2);
  expect(await subgraph.emitted(availabilityChanged)).toHaveLength(3);
});

test('a seeded shop gets no other warehouse when the news of its opening comes', async ({
  subgraph,
  expect,
}) => {
  await seedStock(subgraph.services, seed(2));
  subgraph.work();
  await subgraph.deliver('logistics.shops', shopOpened, {
    aggregateId: 'shp_1',
    aggregateVersion: 1,
    payload: {
      shopId: 'shp_1',
      ownerUserId: 'usr_1',
      name: 'Toko Kopi',
      market: 'ID',
      currencyCode: 'IDR',
    },
  });
  await subgraph.quiet();

  const warehouses = await warehouseModel(subgraph.services.db).find().sort({ _id: 1 }).lean();
  expect(warehouses.map(({ _id, isDefault }) => [_id, isDefault])).toEqual([
    ['whs_1', true],
    ['whs_2', false],
  ]);
});

test('a level in a warehouse that is not seeded along is a mistake', async ({
  subgraph,
  expect,
}) => {
  const { levels } = seed(2);

  await expect(seedStock(subgraph.services, { warehouses: [], levels })).rejects.toThrow(
    'whs_1 is not among the seeded warehouses',
  );
});
