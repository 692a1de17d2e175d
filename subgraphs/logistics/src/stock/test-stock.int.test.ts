import { listingChanged } from '@vitrine/events/catalog';
import { availabilityChanged } from '@vitrine/events/logistics';
import { shopOpened } from '@vitrine/events/shops';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { staffOf } from '@vitrine/testkit/viewers';
import { logistics } from '../index.ts';
import { TEST_UNITS } from './test-stock.store.ts';

const test = subgraphTest(logistics);
const SHOP = 'shp_01JNYZ8V4D000000000000SH0P';

const open = ({ deliver }: TestSubgraph, market: string) =>
  deliver('logistics.shops', shopOpened, {
    aggregateId: SHOP,
    aggregateVersion: 1,
    payload: { shopId: SHOP, ownerUserId: 'usr_1', name: 'Shop', market, currencyCode: 'XTS' },
  });

const list = (
  { deliver }: TestSubgraph,
  variantIds: readonly string[],
  { version = 1, market = 'ZZ' } = {},
) =>
  deliver('logistics.variants', listingChanged, {
    aggregateId: 'prd_1',
    aggregateVersion: version,
    payload: {
      productId: 'prd_1',
      shopId: SHOP,
      isActive: true,
      titles: { en: 'Sample mug' },
      defaultLanguage: 'en',
      imageUrl: null,
      category: 'tableware',
      variants: variantIds.map((variantId) => ({
        variantId,
        sku: variantId,
        attributes: {},
        weightGrams: 350,
        prices: [{ market, price: { minor: '450', currencyCode: 'XTS' } }],
      })),
    },
  });

async function levels({ execute }: TestSubgraph, variantId: string) {
  const { data, errors } = await execute(
    `query ($of: [_Any!]!, $market: MarketCode!) {
      _entities(representations: $of) { ... on Variant {
        availableQuantity(market: $market) stockLevels { onHand warehouse { id name market } }
      } }
    }`,
    { of: [{ __typename: 'Variant', id: variantId }], market: 'ZZ' },
    staffOf(SHOP),
  );
  if (errors?.[0]) throw errors[0];
  return data?.['_entities'][0];
}

const stocked = {
  availableQuantity: TEST_UNITS,
  stockLevels: [{ onHand: TEST_UNITS, warehouse: { name: 'Main warehouse', market: 'ZZ' } }],
};

test.for([['before'], ['after'], ['while']] as const)(
  'what a test shop lists can be ordered at once, also where it lists %s its opening is known',
  async ([when], { subgraph, expect }) => {
    subgraph.work();
    if (when === 'after') await open(subgraph, 'ZZ');
    if (when === 'after') await subgraph.quiet();
    await Promise.all([
      list(subgraph, ['var_1', 'var_2']),
      ...(when === 'while' ? [open(subgraph, 'ZZ')] : []),
    ]);
    await subgraph.quiet();
    if (when === 'before') await open(subgraph, 'ZZ');
    await subgraph.quiet();

    const [one, two] = [await levels(subgraph, 'var_1'), await levels(subgraph, 'var_2')];
    expect(one).toMatchObject(stocked);
    expect(two).toMatchObject(stocked);
    expect(one.stockLevels[0].warehouse.id).toBe(two.stockLevels[0].warehouse.id);
    expect(await subgraph.emitted(availabilityChanged)).toHaveLength(2);
  },
);

test('a level that its developer has set stays, and only what is new is filled', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await list(subgraph, ['var_1']);
  await subgraph.quiet();
  const { stockLevels } = await levels(subgraph, 'var_1');
  const { data } = await subgraph.execute(
    'mutation ($input: SetStockInput!) { setStock(input: $input) { userErrors { __typename } } }',
    {
      input: {
        variantId: 'var_1',
        warehouseId: stockLevels[0].warehouse.id,
        onHand: 0,
        idempotencyKey: 'sold-out',
      },
    },
    staffOf(SHOP),
  );
  expect(data?.['setStock'].userErrors).toEqual([]);

  await list(subgraph, ['var_1', 'var_2'], { version: 2 });
  await subgraph.quiet();

  expect(await levels(subgraph, 'var_1')).toMatchObject({ availableQuantity: 0 });
  expect(await levels(subgraph, 'var_2')).toMatchObject(stocked);
});

test('nothing real is stocked by itself', async ({ subgraph, expect }) => {
  subgraph.work();
  await open(subgraph, 'GB');
  await list(subgraph, ['var_1'], { market: 'GB' });
  await subgraph.quiet();

  expect(await levels(subgraph, 'var_1')).toMatchObject({ stockLevels: [] });
});

test('a test shop sends within the test market, in its currency, and to no other', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await list(subgraph, ['var_1']);
  await subgraph.quiet();
  const quoteTo = async (market: string) => {
    const { data } = await subgraph.execute(
      `query ($input: ShippingQuoteInput!) { shippingQuote(input: $input) {
        shops { options { id price { amount currencyCode } } } userErrors { __typename } } }`,
      { input: { market, variantLines: [{ variantId: 'var_1', quantity: 1 }] } },
    );
    return data?.['shippingQuote'];
  };

  expect(await quoteTo('DE')).toEqual({ shops: [{ options: [] }], userErrors: [] });
  expect(await quoteTo('ZZ')).toEqual({
    shops: [
      {
        options: [
          { id: 'standard-zz-zz', price: { amount: '5.00', currencyCode: 'XTS' } },
          { id: 'express-zz-zz', price: { amount: '12.00', currencyCode: 'XTS' } },
        ],
      },
    ],
    userErrors: [],
  });
});
