import { profileChanged } from '@vitrine/events/accounts';
import { listingChanged } from '@vitrine/events/catalog';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { social } from '../index.ts';
import { profileCardStore } from '../profiles/profile-card.store.ts';
import { productCardStore } from './product-card.store.ts';

const test = subgraphTest(social);

const listing = (title: string, isActive = true) => ({
  productId: 'prd_1',
  shopId: 'shp_1',
  isActive,
  titles: { de: title },
  defaultLanguage: 'de',
  imageUrl: null,
  category: 'shoes',
  variants: [
    {
      variantId: 'var_1',
      sku: 'S',
      attributes: {},
      weightGrams: 1,
      prices: [{ market: 'DE', price: { minor: '1', currencyCode: 'EUR' } }],
    },
  ],
});
const profile = (displayName: string) => ({
  userId: 'usr_1',
  displayName,
  handle: 'ana',
  avatarUrl: null,
});

test('cards are as of the newest version, in whatever order and however often facts come', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  for (const aggregateVersion of [2, 1, 3, 2]) {
    const payload = listing(`v${aggregateVersion}`, aggregateVersion !== 3);
    const fact = { aggregateId: 'prd_1', aggregateVersion, payload };
    await subgraph.deliver('social.product-cards', listingChanged, fact);
    await subgraph.quiet();
  }
  for (const aggregateVersion of [5, 4]) {
    const payload = profile(`v${aggregateVersion}`);
    const fact = { aggregateId: 'usr_1', aggregateVersion, payload };
    await subgraph.deliver('social.profiles', profileChanged, fact);
    await subgraph.quiet();
  }
  expect(await productCardStore(subgraph.services).findMany(['prd_1'])).toMatchObject([
    { titles: { de: 'v3' }, isActive: false, prices: [{ market: 'DE', minor: '1' }] },
  ]);
  expect(await profileCardStore(subgraph.services).findMany(['usr_1'])).toMatchObject([
    { displayName: 'v5' },
  ]);
});

test('racing facts of one product leave its newest version', async ({ subgraph, expect }) => {
  subgraph.work();
  await Promise.all(
    Array.from({ length: 12 }, (_, at) =>
      subgraph.deliver('social.product-cards', listingChanged, {
        aggregateId: 'prd_1',
        aggregateVersion: at + 1,
        payload: listing(`v${at + 1}`),
      }),
    ),
  );
  await subgraph.quiet();
  expect(await productCardStore(subgraph.services).findMany(['prd_1'])).toMatchObject([
    { titles: { de: 'v12' } },
  ]);
});
