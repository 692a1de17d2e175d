import { transact } from '@vitrine/platform/outbox/transact';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { logistics } from '../index.ts';
import { seedStock } from '../seed.ts';
import { StockMovedError, stockLedger } from './stock.ledger.ts';
import { stockStore } from './stock.store.ts';
import { hold, type Movement, release } from './stock-level.ts';

const test = subgraphTest(logistics);

const part = (variantId: string, quantity: number) => ({
  variantId,
  warehouseId: 'whs_1',
  quantity,
});

const seed = ({ services }: TestSubgraph) =>
  seedStock(services, {
    warehouses: [{ warehouseId: 'whs_1', shopId: 'shp_1', market: 'ID', name: 'One' }],
    levels: ['a', 'b'].map((variantId) => ({
      variantId,
      productId: 'prd_1',
      shopId: 'shp_1',
      warehouseId: 'whs_1',
      weightGrams: 100,
      onHand: 10,
    })),
  });

const move = ({ services }: TestSubgraph, movements: readonly Movement[]) =>
  transact(services, (tx) => stockLedger(services).move(tx, movements));

const available = async ({ services }: TestSubgraph) =>
  Object.fromEntries(
    (await stockStore(services).findByVariants(['a', 'b'])).map((one) => [
      one.variantId,
      one.available,
    ]),
  );

test.for([
  ['more than is available', hold(part('b', 11))],
  ['back what is not held', release(part('b', 1))],
  ['what lies nowhere', hold(part('c', 1))],
] as const)(
  'the database takes no movement of %s, nor the others with it',
  async ([, wrong], { subgraph, expect }) => {
    await seed(subgraph);

    await expect(move(subgraph, [hold(part('a', 1)), wrong])).rejects.toThrow(StockMovedError);

    expect(await available(subgraph)).toEqual({ a: 10, b: 10 });
  },
);

test('forty transactions that each want a unit of ten take ten', async ({ subgraph, expect }) => {
  await seed(subgraph);

  const outcomes = await Promise.allSettled(
    Array.from({ length: 40 }, () => move(subgraph, [hold(part('a', 1))])),
  );

  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  const lost = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(lost.every((reason) => reason instanceof StockMovedError)).toBe(true);
  expect(await available(subgraph)).toEqual({ a: 0, b: 10 });
});

test('transactions that want the same levels in opposite orders all get through', async ({
  subgraph,
  expect,
}) => {
  await seed(subgraph);
  const [a, b] = [hold(part('a', 1)), hold(part('b', 1))];

  await Promise.all(
    Array.from({ length: 10 }, (_, index) => move(subgraph, index % 2 === 0 ? [a, b] : [b, a])),
  );

  expect(await available(subgraph)).toEqual({ a: 0, b: 0 });
});
