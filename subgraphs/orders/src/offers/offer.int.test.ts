import { transact } from '@vitrine/platform/outbox/transact';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { sell } from '../../test/world.ts';
import { orders } from '../index.ts';
import { offerStore } from './offer.store.ts';
import { priceIn } from './offer.ts';

const test = subgraphTest(orders);

test('facts that come late do not bring an old price back', async ({ subgraph, expect }) => {
  subgraph.work();
  const offers = offerStore(subgraph.services.db);

  await sell(subgraph, [{ variantId: 'var_1', minor: '300', version: 3 }]);
  await sell(subgraph, [{ variantId: 'var_1', minor: '200', version: 2 }]);
  await sell(subgraph, [{ variantId: 'var_1', minor: '100', version: 3 }]);

  const [offer] = await offers.findMany(['var_1', 'var_unknown']);
  expect(offer && priceIn(offer, 'DE')).toEqual({ minor: 300n, currencyCode: 'EUR' });
});

test('prices beyond what a double holds come back exact', async ({ subgraph, expect }) => {
  subgraph.work();
  await sell(subgraph, [
    { variantId: 'var_1', minor: '9007199254740993', market: 'ID', currencyCode: 'IDR' },
  ]);

  const [offer] = await offerStore(subgraph.services.db).findMany(['var_1']);
  expect(offer && priceIn(offer, 'ID')?.minor).toBe(9_007_199_254_740_993n);
});

test('a listing taken down before anything was known of it, without variants, is kept', async ({
  subgraph,
  expect,
}) => {
  const offers = offerStore(subgraph.services.db);
  const listing = { productId: 'prd_1', version: 5, offers: [] };

  await transact(subgraph.services, (tx) => offers.project(listing, tx));
  subgraph.work();
  await sell(subgraph, [{ variantId: 'var_1', productId: 'prd_1', version: 4 }]);

  expect(await offers.findMany(['var_1'])).toEqual([]);
});
