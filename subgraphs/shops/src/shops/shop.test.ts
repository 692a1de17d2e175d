import { describe, expect, test } from 'vitest';
import { edited, editProblems, type Shop } from './shop.ts';

const shop: Shop = {
  id: 'shp_1',
  ownerUserId: 'usr_1',
  name: 'Kettle & Co',
  description: 'Kettles.',
  market: 'GB',
  currencyCode: 'GBP',
  state: 'OPEN',
  openedAt: new Date('2026-03-01T12:00:00Z'),
  version: 3,
  appId: null,
};

describe('editing a shop', () => {
  test('changes what is given and raises the version', () => {
    expect(edited(shop, { expectedVersion: 3, name: ' Kettles ' })).toEqual({
      ok: true,
      value: { ...shop, name: 'Kettles', version: 4 },
    });
  });

  test('can empty the description, but not the name', () => {
    expect(editProblems({ description: '' })).toEqual([]);
    expect(edited(shop, { expectedVersion: 3, description: '' })).toMatchObject({
      value: { description: '' },
    });
    expect(editProblems({ name: '' })).toMatchObject([{ code: 'TOO_SHORT', path: ['name'] }]);
  });

  test.for([2, 4, -1])('made for version %i instead of 3 is refused', (expectedVersion) => {
    expect(edited(shop, { expectedVersion, name: 'Kettles' })).toEqual({
      ok: false,
      refusal: shop,
    });
  });

  test('reports everything that is wrong at once', () => {
    expect(
      editProblems({ name: 'Ket\ttle', description: 'a'.repeat(2_001) }).map(({ code }) => code),
    ).toEqual(['SEVERAL_LINES', 'TOO_LONG']);
    expect(editProblems({})).toMatchObject([{ code: 'NOTHING_TO_CHANGE' }]);
  });
});
