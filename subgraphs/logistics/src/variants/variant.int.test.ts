import { listingChanged } from '@vitrine/events/catalog';
import { transact } from '@vitrine/platform/outbox/transact';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { logistics } from '../index.ts';
import { seedStock } from '../seed.ts';
import { variantModel } from './variant.model.ts';
import { variantStore } from './variant.store.ts';

const test = subgraphTest(logistics);

async function list(
  subgraph: TestSubgraph,
  version: number,
  { isActive = true, weights }: { isActive?: boolean; weights: Record<string, number> },
) {
  await subgraph.deliver('logistics.variants', listingChanged, {
    aggregateId: 'prd_1',
    aggregateVersion: version,
    payload: {
      productId: 'prd_1',
      shopId: 'shp_1',
      isActive,
      titles: { id: 'Kopi' },
      defaultLanguage: 'id',
      imageUrl: null,
      category: 'coffee',
      variants: Object.entries(weights).map(([variantId, weightGrams]) => ({
        variantId,
        sku: variantId,
        attributes: {},
        weightGrams,
        prices: [],
      })),
    },
  });
  await subgraph.quiet();
}

const listing = (aggregateVersion: number, variantId: string) => ({
  aggregateVersion,
  payload: {
    productId: 'prd_1',
    shopId: 'shp_1',
    isActive: true,
    titles: { id: 'Kopi' },
    defaultLanguage: 'id',
    imageUrl: null,
    category: 'coffee',
    variants: [{ variantId, sku: variantId, attributes: {}, weightGrams: 100, prices: [] }],
  },
});

const onSale = async ({ services }: TestSubgraph) =>
  Object.fromEntries(
    (await variantStore(services).findManyOnSale(['prd_1'])).map((one) => [
      one.variantId,
      one.weightGrams,
    ]),
  );

test('a listing tells what its variants weigh, and a later one what they weigh now', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await list(subgraph, 1, { weights: { var_1: 100, var_2: 200 } });
  await list(subgraph, 2, { weights: { var_1: 150, var_3: 300 } });

  expect(await onSale(subgraph)).toEqual({ var_1: 150, var_3: 300 });
});

test('a variant that left its listing is still known', async ({ subgraph, expect }) => {
  subgraph.work();
  await list(subgraph, 1, { weights: { var_1: 100, var_2: 200 } });
  await list(subgraph, 2, { weights: { var_1: 100 } });

  expect(await variantStore(subgraph.services).findMany(['var_2'])).toEqual([
    { variantId: 'var_2', productId: 'prd_1', shopId: 'shp_1', weightGrams: 200, isOnSale: false },
  ]);
});

test('a listing that comes late changes nothing', async ({ subgraph, expect }) => {
  subgraph.work();
  await list(subgraph, 3, { weights: { var_1: 150 } });
  await list(subgraph, 2, { weights: { var_1: 100, var_2: 200 } });

  expect(await onSale(subgraph)).toEqual({ var_1: 150 });
});

test('nothing of a listing that was taken down is on sale', async ({ subgraph, expect }) => {
  subgraph.work();
  await list(subgraph, 1, { weights: { var_1: 100 } });
  await list(subgraph, 2, { isActive: false, weights: { var_1: 100 } });

  expect(await onSale(subgraph)).toEqual({});
});

test('a listing overrules what came with seeded stock, in either order', async ({
  subgraph,
  expect,
}) => {
  const seeded = (variantId: string) =>
    seedStock(subgraph.services, {
      warehouses: [{ warehouseId: variantId, shopId: 'shp_1', market: 'ID', name: variantId }],
      levels: [
        {
          variantId,
          productId: 'prd_1',
          shopId: 'shp_1',
          warehouseId: variantId,
          weightGrams: 1,
          onHand: 1,
        },
      ],
    });
  subgraph.work();

  await seeded('var_1');
  await list(subgraph, 1, { weights: { var_1: 100, var_2: 200 } });
  await seeded('var_2');

  expect(await onSale(subgraph)).toEqual({ var_1: 100, var_2: 200 });
});

test('of two listings worked at once that share no variant, the later one alone is on sale', async ({
  subgraph,
  expect,
}) => {
  const { services } = subgraph;
  const store = variantStore(services);
  const fact = (version: number, variantId: string) => ({
    id: `evt_${version}`,
    type: listingChanged.type,
    version: 1,
    aggregateId: 'prd_1',
    occurredAt: services.clock(),
    ...listing(version, variantId),
  });
  let isOvertaken = false;

  await transact(services, async (tx) => {
    // Reading fixes what this transaction sees, which is then no longer so.
    await variantModel(services.db).find({}, null, { session: tx.session });
    if (!isOvertaken) await transact(services, (later) => store.project(later, fact(3, 'var_b')));
    isOvertaken = true;
    await store.project(tx, fact(2, 'var_a'));
  });

  expect(await onSale(subgraph)).toEqual({ var_b: 100 });
});
