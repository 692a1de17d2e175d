import { add, type Money, sum, times } from '@vitrine/kernel/money';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type Offer, priceIn, titleOf } from '../offers/offer.ts';
import type { SellingRules, ShippingOption } from '../selling/selling-rules.ts';
import type { Cart, CartLine } from './cart.ts';

/** A line at the prices of now. */
export interface PricedLine extends CartLine {
  readonly sku: string;
  /** Null while the variant cannot be bought in the cart's market. */
  readonly unitPrice: Money | null;
}

/** The lines of one shop: one order to be. */
export interface PricedShop {
  readonly shopId: string;
  readonly currencyCode: string;
  readonly lines: readonly PricedLine[];
  /** Of the available lines. */
  readonly subtotal: Money;
  readonly weightGrams: number;
  /** The cheapest first; empty when nothing delivers it. */
  readonly shippingOptions: readonly ShippingOption[];
}

export interface PricedCart {
  /** The cart's. */
  readonly id: string;
  readonly cart: Cart;
  readonly currencyCode: string;
  readonly shops: readonly PricedShop[];
}

export interface ShippingChoice {
  readonly shopId: string;
  readonly optionId: string;
}

/** What one shop's order costs with the shipping that was chosen. */
export interface ShopQuote {
  readonly shop: PricedShop;
  readonly shipping: ShippingOption;
  readonly total: Money;
}

export interface Quote {
  readonly shops: readonly ShopQuote[];
  /** The sum of the shops' totals: one payment. */
  readonly total: Money;
}

export const lineTotal = ({ unitPrice, quantity }: PricedLine): Money | null =>
  unitPrice && times(unitPrice, quantity);

export const subtotalOf = ({ shops, currencyCode }: PricedCart): Money =>
  sum(
    shops.map((shop) => shop.subtotal),
    currencyCode,
  );

/** The cart shop by shop, in the order in which the shops came in, at the prices of now. */
export function priceCart(cart: Cart, offers: readonly Offer[], rules: SellingRules): PricedCart {
  const { currencyCode } = rules;
  const byVariant = new Map(offers.map((offer) => [offer.variantId, offer]));

  const priced = (line: CartLine): PricedLine => {
    const offer = byVariant.get(line.variantId);
    if (!offer) return { ...line, sku: '', unitPrice: null };
    const unitPrice = priceIn(offer, cart.market);
    return {
      ...line,
      title: titleOf(offer, rules.languages),
      sku: offer.sku,
      // The catalog prices a market in its currency; anything else must not be charged.
      unitPrice: unitPrice?.currencyCode === currencyCode ? unitPrice : null,
    };
  };

  const shops = [...Map.groupBy(cart.lines, ({ shopId }) => shopId)].map(([shopId, own]) => {
    const lines = own.map(priced);
    const available = lines.filter(({ unitPrice }) => unitPrice !== null);
    const weightGrams = available.reduce(
      (grams, { variantId, quantity }) =>
        grams + (byVariant.get(variantId)?.weightGrams ?? 0) * quantity,
      0,
    );
    return {
      shopId,
      currencyCode,
      lines,
      subtotal: sum(
        available.flatMap((line) => lineTotal(line) ?? []),
        currencyCode,
      ),
      weightGrams,
      shippingOptions: rules.shippingOptions(weightGrams),
    };
  });
  return { id: cart.id, cart, currencyCode, shops };
}

export type QuoteRefusal =
  | { readonly kind: 'EMPTY' }
  | { readonly kind: 'UNAVAILABLE'; readonly variantIds: readonly string[] }
  /** By index of `choices`: no such shop in the cart, chosen twice, or no such option. */
  | { readonly kind: 'INVALID_CHOICES'; readonly indexes: readonly number[] }
  /** Shops without a choice, or that nothing delivers. */
  | { readonly kind: 'NOT_DELIVERABLE'; readonly shopIds: readonly string[] };

/**
 * What ordering costs with these choices. With `missing: 'CHEAPEST'` a shop without a choice gets
 * its cheapest option; ordering itself demands every choice, since the buyer pays for it.
 */
export function quoteOf(
  { cart, shops, currencyCode }: PricedCart,
  choices: readonly ShippingChoice[],
  missing: 'CHEAPEST' | 'REFUSED',
): Outcome<Quote, QuoteRefusal> {
  if (cart.lines.length === 0) return refuse({ kind: 'EMPTY' });
  const variantIds = shops
    .flatMap(({ lines }) => lines)
    .filter(({ unitPrice }) => unitPrice === null)
    .map(({ variantId }) => variantId);
  if (variantIds.length > 0) return refuse({ kind: 'UNAVAILABLE', variantIds });

  const firstFor = new Map(
    choices.map(({ shopId }, index) => [shopId, index] as const).toReversed(),
  );
  const optionFor = (shop: PricedShop, optionId: string) =>
    shop.shippingOptions.find(({ id }) => id === optionId);
  const indexes = choices.flatMap(({ shopId, optionId }, index) => {
    const shop = shops.find((one) => one.shopId === shopId);
    const isRepeated = firstFor.get(shopId) !== index;
    return shop && !isRepeated && optionFor(shop, optionId) ? [] : [index];
  });
  if (indexes.length > 0) return refuse({ kind: 'INVALID_CHOICES', indexes });

  const quoted = shops.map((shop) => {
    const choice = choices.find(({ shopId }) => shopId === shop.shopId);
    const shipping = choice
      ? optionFor(shop, choice.optionId)
      : missing === 'CHEAPEST'
        ? shop.shippingOptions[0]
        : undefined;
    return { shop, shipping };
  });
  const complete = quoted.flatMap(({ shop, shipping }): ShopQuote[] =>
    shipping ? [{ shop, shipping, total: add(shop.subtotal, shipping.price) }] : [],
  );
  if (complete.length < quoted.length) {
    const shopIds = quoted.flatMap(({ shop, shipping }) => (shipping ? [] : [shop.shopId]));
    return refuse({ kind: 'NOT_DELIVERABLE', shopIds });
  }
  return accept({
    shops: complete,
    total: sum(
      complete.map(({ total }) => total),
      currencyCode,
    ),
  });
}
