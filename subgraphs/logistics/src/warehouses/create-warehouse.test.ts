import { idMaker } from '@vitrine/kernel/id';
import { accept } from '@vitrine/kernel/outcome';
import { describe, expect, test } from 'vitest';
import { type CreateWarehouseCommand, createWarehouse } from './create-warehouse.ts';
import type { Warehouse } from './warehouse.ts';

function world(home: string | null = 'ID') {
  const added: Warehouse[] = [];
  const create = createWarehouse(
    {
      knowsShop: async (shopId) => shopId === 'shp_1',
      add: async (warehouse) => {
        added.push(warehouse);
        return accept(warehouse);
      },
    },
    {
      newId: idMaker(),
      isMarket: (code) => code === 'ID' || code === 'ZZ',
      areApart: (a, b) => (a === 'ZZ') !== (b === 'ZZ'),
      homeOf: async () => home,
    },
  );
  return { added, create };
}

const command = (overrides: Partial<CreateWarehouseCommand> = {}): CreateWarehouseCommand => ({
  shopId: 'shp_1',
  name: ' Bandung ',
  market: 'ID',
  address: { line1: 'Jl. Braga 1', city: 'Bandung', postalCode: '40111' },
  ...overrides,
});

describe('a new warehouse', () => {
  test("is the seller's own, and its texts are trimmed", async () => {
    const { added, create } = world();

    expect(await create(command())).toMatchObject({ ok: true });
    expect(added).toMatchObject([
      { name: 'Bandung', kind: 'SELLER', isDefault: false, address: { line2: null } },
    ]);
  });

  test.for([
    ['ID', 'ZZ'],
    ['ZZ', 'ID'],
  ] as const)('of a shop of %s is not in %s', async ([home, market]) => {
    const { added, create } = world(home);

    expect(await create(command({ market }))).toMatchObject({
      ok: false,
      refusal: { kind: 'INVALID', problems: [{ code: 'TEST_MARKET_APART', path: ['market'] }] },
    });
    expect(added).toEqual([]);
  });

  test('of a test shop is in the test market', async () => {
    expect(await world('ZZ').create(command({ market: 'ZZ' }))).toMatchObject({ ok: true });
  });

  test('is refused with everything that is wrong at once, and nothing is added', async () => {
    const { added, create } = world();
    const outcome = await create(
      command({
        name: '',
        market: 'AQ',
        address: { line1: 'x'.repeat(121), city: 'Ban\u0000dung', postalCode: '!' },
      }),
    );

    expect(!outcome.ok && outcome.refusal).toMatchObject({
      kind: 'INVALID',
      problems: [
        { code: 'TEXT_TOO_SHORT', path: ['name'] },
        { code: 'TEXT_TOO_LONG', path: ['address', 'line1'] },
        { code: 'CONTROL_CHARACTERS', path: ['address', 'city'] },
        { code: 'UNKNOWN_MARKET', path: ['market'] },
        { code: 'POSTAL_CODE', path: ['address', 'postalCode'] },
      ],
    });
    expect(added).toEqual([]);
  });

  test('needs a shop that is open', async () => {
    const { added, create } = world();

    expect(await create(command({ shopId: 'shp_2' }))).toEqual({
      ok: false,
      refusal: { kind: 'SHOP_NOT_FOUND' },
    });
    expect(added).toEqual([]);
  });

  test.for(['40111', 'SW1A 1AA', 'D02 X285', '100-0001'])(
    'may have the post code %s',
    async (postalCode) => {
      const { create } = world();
      const { address } = command();

      expect(await create(command({ address: { ...address, postalCode } }))).toMatchObject({
        ok: true,
      });
    },
  );
});
