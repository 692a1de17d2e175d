import { marketOf } from '@vitrine/markets/market';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { shopStore } from './shops/shop.store.ts';
import type { Shop } from './shops/shop.ts';

export interface SeededShop {
  readonly shopId: string;
  readonly ownerUserId: string;
  readonly name: string;
  readonly market: string;
  readonly description: string;
}

const BATCH = 100;

/** Opens ready-made shops, with the facts that follow. Throws for an unknown market, with nothing written, and when an id is taken. */
export async function seedShops(services: Services, shops: readonly SeededShop[]): Promise<void> {
  const store = shopStore(services);
  const now = services.clock();
  const all = shops.map((shop) => toShop(shop, now));
  for (let at = 0; at < all.length; at += BATCH) {
    await transact(services, (tx) => store.open(all.slice(at, at + BATCH), tx));
  }
}

function toShop(seeded: SeededShop, now: Date): Shop {
  const market = marketOf(seeded.market);
  if (!market) throw new Error(`there is no market ${seeded.market}`);
  return {
    id: seeded.shopId,
    ownerUserId: seeded.ownerUserId,
    name: seeded.name,
    description: seeded.description,
    market: market.code,
    currencyCode: market.currencyCode,
    state: 'OPEN',
    openedAt: now,
    version: 1,
    appId: null,
  };
}
