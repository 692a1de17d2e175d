import { type Shop, shopNameRule } from '../shops/shop.ts';

/** What an app's registration says of the shop that comes with it. */
export interface RegisteredApp {
  readonly appId: string;
  readonly developerUserId: string;
  readonly name: string;
}

export interface NewTestShop {
  readonly shopId: string;
  readonly market: { readonly code: string; readonly currencyCode: string };
  readonly openedAt: Date;
}

const cut = (text: string, most: number): string =>
  Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)
    .slice(0, most)
    .join('');

/**
 * A shop in the test market, owned by the app's developer. It is approved by itself: nothing real
 * can be sold there, and a developer who waited for an operator would try things out on a real one.
 */
export const testShopOf = (
  { appId, developerUserId, name }: RegisteredApp,
  { shopId, market, openedAt }: NewTestShop,
): Shop => ({
  id: shopId,
  ownerUserId: developerUserId,
  name: cut(`Test shop of ${name.trim()}`, shopNameRule.longest).trimEnd(),
  description: 'Where an app is tried out. Nothing here is real: no goods, no money.',
  market: market.code,
  currencyCode: market.currencyCode,
  state: 'OPEN',
  openedAt,
  version: 1,
  appId,
});
