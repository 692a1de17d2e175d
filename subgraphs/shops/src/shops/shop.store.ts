import { shopOpened } from '@vitrine/events/shops';
import { audit } from '@vitrine/platform/audit';
import { type Transaction, transact } from '@vitrine/platform/outbox/transact';
import { after, type Order, type Page, sortOf } from '@vitrine/platform/pages';
import type { Services } from '@vitrine/platform/services';
import { type ShopRow, shopModel, toRow, toShop } from './shop.model.ts';
import type { Shop, Shops } from './shop.ts';

const ORDER: Order = { openedAt: -1, _id: -1 };

export interface ShopFilter {
  readonly market: string;
  readonly openedFrom: Date | null;
}

export interface ShopStore extends Shops {
  /** A page and one more, newest first. */
  list(filter: ShopFilter, page: Page): Promise<readonly Shop[]>;
  /** The test shops of apps, in the caller's transaction if there is one. */
  findOfApps(appIds: readonly string[], tx?: Transaction): Promise<readonly Shop[]>;
  /** Opens shops within the transaction that decided it, and tells other subgraphs. */
  open(shops: readonly Shop[], tx: Transaction): Promise<void>;
}

export function shopStore(services: Services): ShopStore {
  const shops = shopModel(services.db);
  return {
    async findMany(ids) {
      const rows = await shops.find({ _id: { $in: ids } }).lean<ShopRow[]>();
      return rows.map(toShop);
    },
    async findOfApps(appIds, tx) {
      const rows = await shops
        .find({ appId: { $in: appIds } }, null, tx ? { session: tx.session } : {})
        .lean<ShopRow[]>();
      return rows.map(toShop);
    },
    save: ({ id, name, description, version }) =>
      transact(services, async (tx) => {
        const before = await shops
          .findOneAndUpdate(
            { _id: id, version: version - 1 },
            { $set: { name, description, version } },
            { session: tx.session, returnDocument: 'before' },
          )
          .lean<ShopRow>();
        if (!before) return false;
        audit(tx, {
          action: 'shops.shop-edited',
          subject: { type: 'Shop', id },
          shopId: id,
          before: { name: before.name, description: before.description },
          after: { name, description },
        });
        return true;
      }),
    async list({ market, openedFrom }, page) {
      const rows = await shops
        .find({
          market,
          state: 'OPEN',
          $and: [
            openedFrom ? { openedAt: { $gte: openedFrom } } : {},
            after(ORDER, page, { openedAt: 'date' }),
          ],
        })
        .sort(sortOf(ORDER, page))
        .limit(page.size + 1)
        .lean<ShopRow[]>();
      return rows.map(toShop);
    },
    async open(opened, tx) {
      await shops.insertMany(opened.map(toRow), { session: tx.session });
      for (const { id, ownerUserId, name, market, currencyCode, version } of opened) {
        tx.emit(shopOpened, {
          aggregateId: id,
          aggregateVersion: version,
          payload: { shopId: id, ownerUserId, name, market, currencyCode },
        });
      }
    },
  };
}
