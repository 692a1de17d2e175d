import type { FactOf } from '@vitrine/events/fact';
import type { shopOpened } from '@vitrine/events/shops';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { type ShopRow, shopModel, toShop } from './shop.model.ts';
import type { Shop, Shops } from './shop.ts';

export interface ShopStore extends Shops {
  findMany(ids: readonly string[]): Promise<readonly Shop[]>;
  /** Takes over what a fact says, unless something newer is known. */
  project(fact: FactOf<typeof shopOpened>, tx: Transaction): Promise<void>;
}

export function shopStore({ db }: Pick<Services, 'db'>): ShopStore {
  const shops = shopModel(db);
  const findMany = async (ids: readonly string[]) =>
    (await shops.find({ _id: { $in: ids } }).lean<ShopRow[]>()).map(toShop);
  return {
    findMany,
    find: async (id) => (await findMany([id]))[0] ?? null,
    async project({ payload, aggregateVersion: version }, { session }) {
      const { shopId: _id, market, currencyCode } = payload;
      const known = await shops.findById(_id).session(session).lean<ShopRow>();
      if (known && known.version >= version) return;
      await shops.updateOne(
        { _id },
        { $set: { market, currencyCode, version } },
        { upsert: true, session },
      );
    },
  };
}
