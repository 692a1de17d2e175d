import { appRegistered } from '@vitrine/events/accounts';
import { shopOpened } from '@vitrine/events/shops';
import { idMaker } from '@vitrine/kernel/id';
import type { Viewer } from '@vitrine/platform/viewer';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { anApp as anAppViewer, aViewer } from '@vitrine/testkit/viewers';
import { shops } from '../index.ts';
import { seedShops } from '../seed.ts';

const test = subgraphTest(shops);
const newId = idMaker();

const anApp = (overrides: { appId?: string; name?: string } = {}) => ({
  appId: newId('app'),
  developerUserId: newId('usr'),
  name: 'Parcel labels',
  ...overrides,
});

const register = ({ deliver }: TestSubgraph, app: ReturnType<typeof anApp>) =>
  deliver('shops.test-shops', appRegistered, {
    aggregateId: app.appId,
    aggregateVersion: 1,
    payload: app,
  });

const LIST = `query ($market: MarketCode!) {
  shops(market: $market, first: 10) { nodes { name currencyCode market { code isTest } } }
}`;

test('every app gets one test shop of its own, however often its registration is told', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  const [one, other] = [anApp(), anApp({ name: 'Stock sync' })];
  await Promise.all([one, one, one, other, one].map((app) => register(subgraph, app)));
  await subgraph.quiet();
  await register(subgraph, one);
  await subgraph.quiet();

  const opened = await subgraph.emitted(shopOpened);
  expect(opened.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
    {
      shopId: expect.stringMatching(/^shp_/),
      ownerUserId: one.developerUserId,
      name: 'Test shop of Parcel labels',
      market: 'ZZ',
      currencyCode: 'XTS',
    },
    expect.objectContaining({
      ownerUserId: other.developerUserId,
      name: 'Test shop of Stock sync',
    }),
  ]);
});

test('test shops are listed where the test market is asked for, and nowhere else', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  await register(subgraph, anApp());
  await seedShops(subgraph.services, [
    {
      shopId: newId('shp'),
      ownerUserId: newId('usr'),
      name: 'Kettle & Co',
      market: 'GB',
      description: '',
    },
  ]);
  await subgraph.quiet();

  expect((await subgraph.execute(LIST, { market: 'ZZ' })).data?.['shops'].nodes).toEqual([
    {
      name: 'Test shop of Parcel labels',
      currencyCode: 'XTS',
      market: { code: 'ZZ', isTest: true },
    },
  ]);
  expect((await subgraph.execute(LIST, { market: 'GB' })).data?.['shops'].nodes).toEqual([
    { name: 'Kettle & Co', currencyCode: 'GBP', market: { code: 'GB', isTest: false } },
  ]);
});

test('an app’s test shop is shown to its developer and to the app, and is null to others', async ({
  subgraph,
  expect,
}) => {
  subgraph.work();
  const [app, other] = [anApp(), anApp()];
  await Promise.all([register(subgraph, app), register(subgraph, other)]);
  await subgraph.quiet();
  const shopsOf = async (viewer: Viewer | null) => {
    const of = [app, other, anApp()].map(({ appId: id }) => ({ __typename: 'App', id }));
    const { data } = await subgraph.execute(
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on App { testShop { name } } } }',
      { of },
      viewer,
    );
    return data?.['_entities'].map(({ testShop }: { testShop: object | null }) => testShop);
  };
  const own = { name: 'Test shop of Parcel labels' };

  expect(await shopsOf(aViewer({ userId: app.developerUserId }))).toEqual([own, null, null]);
  expect(await shopsOf(anAppViewer({ userId: other.appId, appId: other.appId }))).toEqual([
    null,
    own,
    null,
  ]);
  expect(await shopsOf(aViewer())).toEqual([null, null, null]);
  expect(await shopsOf(null)).toEqual([null, null, null]);
});

test('nobody applies for a shop of the test market', async ({ subgraph, expect }) => {
  const { data } = await subgraph.execute(
    `mutation ($input: ApplyForShopInput!) {
      applyForShop(input: $input) { application { id } userErrors { ... on UserError { code path } } }
    }`,
    {
      input: {
        idempotencyKey: newId('evt'),
        answers: {
          market: 'ZZ',
          sellerType: 'LOCAL',
          shopName: 'Kettle & Co',
          businessName: 'Kettle Ltd',
          licenceNumber: 'GB-12345',
          contactEmail: 'ann@example.com',
          returnAddress: { name: 'Kettle', line1: '1 High St', city: 'Leeds' },
        },
      },
    },
    aViewer(),
  );

  expect(data?.['applyForShop']).toEqual({
    application: null,
    userErrors: [{ code: 'TEST_MARKET', path: ['input', 'answers', 'market'] }],
  });
});
