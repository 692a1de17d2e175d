import { accept } from '@vitrine/kernel/outcome';
import { describe, expect, test } from 'vitest';
import { type ChangeStockCommand, changeStock, type Stock } from './change-stock.ts';

const owned: Record<string, string> = {
  whs_1: 'shp_1',
  whs_2: 'shp_2',
  var_1: 'shp_1',
  var_2: 'shp_2',
};

/** Two shops, with a warehouse and a variant each; records what would be stored. */
function world() {
  const stored: Parameters<Stock['change']>[0][] = [];
  const shopOf = (id: string) => {
    const shopId = owned[id];
    return shopId === undefined ? null : { shopId, market: 'ID', productId: 'prd_1' };
  };
  const change = changeStock(
    {
      change: async (order) => {
        stored.push(order);
        const { variantId, warehouseId, shopId, market } = order;
        const amounts = { onHand: 1, reserved: 0, available: 1, version: 1 };
        const level = { variantId, warehouseId, shopId, market, ...amounts };
        return accept({ level: { ...level, updatedAt: new Date(0) }, isReplayed: false });
      },
    },
    { findWarehouse: async (id) => shopOf(id), findVariant: async (id) => shopOf(id) },
  );
  return { stored, change };
}

const command = (overrides: Partial<ChangeStockCommand> = {}): ChangeStockCommand => ({
  warehouseId: 'whs_1',
  variantId: 'var_1',
  change: { kind: 'SET', onHand: 5, expectedVersion: null },
  idempotencyKey: 'key-1',
  userId: 'usr_1',
  shopIds: ['shp_1'],
  ...overrides,
});

describe('changing stock', () => {
  test('stores the change with whose and where it is', async () => {
    const { stored, change } = world();

    expect(await change(command())).toMatchObject({ ok: true });
    expect(stored).toMatchObject([{ shopId: 'shp_1', market: 'ID', productId: 'prd_1' }]);
  });

  test.for([
    ['a count below zero', { kind: 'SET', onHand: -1, expectedVersion: null }, 'onHand'],
    ['a count over the limit', { kind: 'SET', onHand: 100_000, expectedVersion: null }, 'onHand'],
    ['a version below zero', { kind: 'SET', onHand: 1, expectedVersion: -1 }, 'expectedVersion'],
    ['a change by nothing', { kind: 'ADJUST', delta: 0 }, 'delta'],
    ['a change over the limit', { kind: 'ADJUST', delta: -100_000 }, 'delta'],
  ] as const)('refuses %s', async ([, asked, field]) => {
    const { stored, change } = world();

    expect(await change(command({ change: asked }))).toMatchObject({
      refusal: { kind: 'INVALID', problems: [{ code: 'OUT_OF_RANGE', path: [field] }] },
    });
    expect(stored).toEqual([]);
  });

  test('reports all that is wrong at once', async () => {
    const { change } = world();
    const asked = { kind: 'SET', onHand: -1, expectedVersion: -1 } as const;

    const outcome = await change(command({ change: asked, idempotencyKey: '' }));

    expect(
      !outcome.ok && outcome.refusal.kind === 'INVALID' && outcome.refusal.problems,
    ).toHaveLength(3);
  });

  test.for([
    ['an unknown warehouse', { warehouseId: 'whs_9' }, ['warehouseId']],
    ['an unknown variant', { variantId: 'var_9' }, ['variantId']],
    ["another shop's warehouse", { warehouseId: 'whs_2' }, ['warehouseId']],
    ["another shop's variant", { variantId: 'var_2' }, ['variantId']],
    [
      "another shop's both",
      { warehouseId: 'whs_2', variantId: 'var_2' },
      ['warehouseId', 'variantId'],
    ],
    [
      "a variant of one's other shop",
      { variantId: 'var_2', shopIds: ['shp_1', 'shp_2'] },
      ['variantId'],
    ],
    ['anything for a stranger', { shopIds: [] }, ['warehouseId', 'variantId']],
  ] as const)('finds no %s', async ([, overrides, missing]) => {
    const { stored, change } = world();

    expect(await change(command(overrides))).toEqual({
      ok: false,
      refusal: { kind: 'NOT_FOUND', missing },
    });
    expect(stored).toEqual([]);
  });
});
