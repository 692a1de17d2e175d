import { shippingOptionsOf } from '@vitrine/markets/shipping';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { logistics } from '../index.ts';
import { seedStock } from '../seed.ts';

const test = subgraphTest(logistics);

const QUOTE = `query ($input: ShippingQuoteInput!) {
  shippingQuote(input: $input) {
    shops {
      shop { id }
      weightGrams
      options { id service name price { amount currencyCode } minTransitDays maxTransitDays }
    }
    userErrors { __typename ... on UserError { code message path } }
  }
}`;

test("a basket is quoted by shop with the market's lanes", async ({ subgraph, expect }) => {
  await seedStock(subgraph.services, {
    warehouses: [1, 2].map((n) => ({
      warehouseId: `whs_${n}`,
      shopId: `shp_${n}`,
      market: 'SG',
      name: 'One',
    })),
    levels: [1, 2].map((n) => ({
      variantId: `var_${n}`,
      productId: `prd_${n}`,
      shopId: `shp_${n}`,
      warehouseId: `whs_${n}`,
      weightGrams: n * 700,
      onHand: 0,
    })),
  });
  const variantLines = [
    { variantId: 'var_1', quantity: 2 },
    { variantId: 'var_2', quantity: 30 },
  ];

  const { data } = await subgraph.execute(QUOTE, { input: { market: 'SG', variantLines } });

  const at = subgraph.clock.now();
  const [cheapest] = shippingOptionsOf({ market: 'SG', weightGrams: 1_400, at });
  expect(data?.['shippingQuote'].userErrors).toEqual([]);
  expect(data?.['shippingQuote'].shops).toMatchObject([
    {
      shop: { id: 'shp_1' },
      weightGrams: 1_400,
      options: [
        {
          id: 'standard-sg-sg',
          service: 'STANDARD',
          price: { amount: '2.79', currencyCode: 'SGD' },
          minTransitDays: cheapest?.minDays,
          maxTransitDays: cheapest?.maxDays,
        },
        { id: 'express-sg-sg', service: 'EXPRESS' },
      ],
    },
    // 42 kg: too heavy for every lane.
    { shop: { id: 'shp_2' }, weightGrams: 42_000, options: [] },
  ]);
});

test('a basket that cannot be quoted is refused line by line', async ({ subgraph, expect }) => {
  const variantLines = [{ variantId: 'var_9', quantity: 1 }];
  const quote = async (input: object) =>
    (await subgraph.execute(QUOTE, { input })).data?.['shippingQuote'];

  expect(await quote({ market: 'SG', variantLines })).toEqual({
    shops: [],
    userErrors: [
      {
        __typename: 'NotFoundError',
        code: 'NOT_FOUND',
        message: 'The variant does not exist.',
        path: ['input', 'variantLines', '0', 'variantId'],
      },
    ],
  });
  expect((await quote({ market: 'AQ', variantLines: [] })).userErrors).toMatchObject([
    { __typename: 'InvalidInputError', code: 'UNKNOWN_MARKET', path: ['input', 'market'] },
    { __typename: 'InvalidInputError', code: 'LINE_COUNT', path: ['input', 'variantLines'] },
  ]);
});
