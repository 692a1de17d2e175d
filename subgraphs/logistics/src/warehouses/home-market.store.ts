import type { Services } from '@vitrine/platform/services';
import { type WarehouseRow, warehouseModel } from './warehouse.model.ts';

/**
 * The market of each shop's first warehouse, which is the shop's own; what has not opened yet is
 * left out.
 */
export const homeMarkets =
  ({ db }: Pick<Services, 'db'>) =>
  async (shopIds: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const rows = await warehouseModel(db)
      .find({ shopId: { $in: shopIds }, isDefault: true }, { shopId: 1, market: 1 })
      .lean<Pick<WarehouseRow, 'shopId' | 'market'>[]>();
    return new Map(rows.map(({ shopId, market }) => [shopId, market]));
  };
