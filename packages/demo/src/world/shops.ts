import type { NewId } from '@vitrine/kernel/id';
import { marketOf } from '@vitrine/markets/market';
import type { DemoPerson } from './people.ts';
import { texts } from './texts.ts';

export interface DemoShop {
  readonly shopId: string;
  readonly ownerUserId: string;
  readonly name: string;
  readonly market: string;
  readonly currencyCode: string;
  readonly language: string;
  readonly description: string;
  readonly warehouseId: string;
}

/** The shops of a market are named in the texts; each has an owner of its own. */
export function makeShops(
  owners: readonly DemoPerson[],
  { newId, perMarket }: { readonly newId: NewId; readonly perMarket: number },
): DemoShop[] {
  let next = 0;
  return Object.entries(texts.markets).flatMap(([code, { language, shops }]) => {
    const market = marketOf(code);
    if (!market) throw new Error(`the platform does not trade in ${code}`);
    return shops.slice(0, perMarket).map((name) => {
      const owner = owners[next++];
      if (!owner) throw new Error('every shop of the demo has an owner');
      return {
        shopId: newId('shp'),
        ownerUserId: owner.userId,
        name,
        market: code,
        currencyCode: market.currencyCode,
        language,
        description: `${name} (${market.name})`,
        warehouseId: newId('whs'),
      };
    });
  });
}
