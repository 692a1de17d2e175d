import { lengthOf } from '@vitrine/kernel/text';
import { expect, test } from 'vitest';
import { editProblems } from '../shops/shop.ts';
import { testShopOf } from './test-shop.ts';

const shopOf = (name: string) =>
  testShopOf(
    { appId: 'app_1', developerUserId: 'usr_1', name },
    {
      shopId: 'shp_1',
      market: { code: 'ZZ', currencyCode: 'XTS' },
      openedAt: new Date('2026-03-01T12:00:00Z'),
    },
  );

test('a test shop is the developer’s, open, in the test market', () => {
  expect(shopOf(' Parcel labels ')).toMatchObject({
    id: 'shp_1',
    appId: 'app_1',
    ownerUserId: 'usr_1',
    name: 'Test shop of Parcel labels',
    market: 'ZZ',
    currencyCode: 'XTS',
    state: 'OPEN',
    version: 1,
  });
});

test.for([['a'.repeat(200)], ['👩‍👩‍👧‍👧'.repeat(80)], [`${'a'.repeat(46)} b`], ['']])(
  'whatever the app is called, its shop has a name that a shop may have: %s',
  ([name = '']) => {
    const shop = shopOf(name);

    expect(editProblems(shop)).toEqual([]);
    expect(lengthOf(shop.name)).toBeLessThanOrEqual(60);
  },
);
