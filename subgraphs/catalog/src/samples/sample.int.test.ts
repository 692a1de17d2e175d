import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listingChanged } from '@vitrine/events/catalog';
import { shopOpened } from '@vitrine/events/shops';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { staffOf } from '@vitrine/testkit/viewers';
import { afterAll } from 'vitest';
import { catalog } from '../index.ts';
import { aShop, DELETE, newId, onSale, price, run, variantInput } from '../world.fixture.ts';

const test = subgraphTest(catalog);
const mediaDir = await mkdtemp(join(tmpdir(), 'vitrine-samples-'));
afterAll(() => rm(mediaDir, { recursive: true }));

/** Starts the work, with pictures in a folder of this file's own. */
function work({ services, work: start }: TestSubgraph): void {
  Object.assign(services.env, { MEDIA_DIR: mediaDir });
  start();
}

const opened = (
  { deliver }: TestSubgraph,
  shopId: string,
  { market = 'ZZ', currencyCode = 'XTS', id = newId('evt') } = {},
) =>
  deliver('catalog.sample-products', shopOpened, {
    id,
    aggregateId: shopId,
    aggregateVersion: 1,
    payload: { shopId, ownerUserId: newId('usr'), name: 'Test shop', market, currencyCode },
  });

const LIST = `query ($market: MarketCode!) {
  products(market: $market, first: 20) { nodes { id title state images { url }
    variants { sku price(market: $market) { amount currencyCode } } } }
}`;
const listed = async ({ execute }: TestSubgraph, market: string) =>
  (await execute(LIST, { market })).data?.['products'].nodes;

test('a test shop has products to order from its first minute', async ({ subgraph, expect }) => {
  work(subgraph);
  await opened(subgraph, newId('shp'));
  await subgraph.quiet();

  const products = await listed(subgraph, 'ZZ');
  expect(
    products.flatMap(({ variants }: { variants: { sku: string }[] }) =>
      variants.map(({ sku }) => sku),
    ),
  ).toEqual(
    expect.arrayContaining([
      'SAMPLE-MUG',
      'SAMPLE-SHIRT-RED',
      'SAMPLE-SHIRT-BLUE',
      'SAMPLE-JACKET',
    ]),
  );
  expect(products).toHaveLength(3);
  for (const { images, state, variants } of products) {
    expect(state).toBe('ACTIVATE');
    expect(variants[0].price.currencyCode).toBe('XTS');
    const file = new URL(images[0].url).pathname.replace('/media/', '');
    expect(await readFile(join(mediaDir, file), 'utf8')).toMatch(/^<svg /);
  }
  expect(await subgraph.emitted(listingChanged)).toHaveLength(3);
});

test('samples are made once, and one that its developer removed does not come back', async ({
  subgraph,
  expect,
}) => {
  work(subgraph);
  const shopId = newId('shp');
  await Promise.all([opened(subgraph, shopId), opened(subgraph, shopId)]);
  await subgraph.quiet();
  const [gone] = await listed(subgraph, 'ZZ');
  await run(subgraph, DELETE, { productId: gone.id }, staffOf(shopId));
  await opened(subgraph, shopId);
  await subgraph.quiet();

  const left = await listed(subgraph, 'ZZ');
  expect(left).toHaveLength(2);
  expect(left).not.toContainEqual(expect.objectContaining({ id: gone.id }));
});

test('a real shop gets no samples', async ({ subgraph, expect }) => {
  work(subgraph);
  await opened(subgraph, newId('shp'), { market: 'DE', currencyCode: 'EUR' });
  await subgraph.quiet();

  expect(await subgraph.emitted(listingChanged)).toEqual([]);
});

test('real products and samples are each listed in their own markets', async ({
  subgraph,
  expect,
}) => {
  work(subgraph);
  await opened(subgraph, newId('shp'));
  await subgraph.quiet();
  const real = await onSale(subgraph, await aShop(subgraph));

  expect(await listed(subgraph, 'DE')).toEqual([expect.objectContaining({ id: real })]);
  expect(await listed(subgraph, 'ZZ')).not.toContainEqual(expect.objectContaining({ id: real }));
});

test.for([
  ['a real shop', 'DE', 'EUR'],
  ['a test shop', 'ZZ', 'XTS'],
] as const)(
  '%s cannot sell on both sides',
  async ([, market, currencyCode], { subgraph, expect }) => {
    const shop = await aShop(subgraph, market, currencyCode);
    const both = [
      variantInput({ prices: [price('DE', '1.00', 'EUR'), price('ZZ', '1.00', 'XTS')] }),
    ];
    await expect(onSale(subgraph, shop, { variants: both })).rejects.toThrow('TEST_MARKET_APART');
    expect(await listed(subgraph, 'DE')).toEqual([]);
    expect(await listed(subgraph, 'ZZ')).toEqual([]);
  },
);
