import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { type ShopNameRow, shopNameModel } from './shop-name.model.ts';

export interface ShopNames {
  /** By id; what is not known has no entry. */
  of(shopIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  put(
    shop: { readonly shopId: string; readonly name: string; readonly market: string },
    tx: Transaction,
  ): Promise<void>;
}

export function shopNames({ db }: Pick<Services, 'db'>): ShopNames {
  const names = shopNameModel(db);
  return {
    async of(shopIds) {
      const rows = await names.find({ _id: { $in: [...shopIds] } }).lean<ShopNameRow[]>();
      return new Map(rows.map(({ _id, name }) => [_id, name]));
    },
    async put({ shopId, name, market }, { session }) {
      await names.updateOne({ _id: shopId }, { $set: { name, market } }, { session, upsert: true });
    },
  };
}
