import type { SourceValue } from '@vitrine/events/fact';
import { type NewId, prefixOf } from '@vitrine/kernel/id';
import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type Offers, priceIn, titleOf } from '../offers/offer.ts';
import type { SellingRulesOf } from '../selling/selling-rules.ts';
import {
  type Cart,
  type Carts,
  type LineRefusal,
  MAX_QUANTITY,
  putIn,
  setQuantity,
  takeOut,
} from './cart.ts';

export interface AddToCart {
  readonly variantId: string;
  readonly quantity: number;
  readonly market: string;
  readonly source: SourceValue | null;
}

export type CartProblem = 'QUANTITY_OUT_OF_RANGE' | 'UNKNOWN_MARKET' | 'INVALID_SOURCE';
export type AddToCartRefusal =
  | { readonly problems: readonly CartProblem[] }
  | 'NOT_FOUND'
  | 'PRODUCT_UNAVAILABLE'
  | LineRefusal;

export interface CartChanges {
  add(buyerId: string, input: AddToCart): Promise<Outcome<Cart, AddToCartRefusal>>;
  setQuantity(
    buyerId: string,
    line: { readonly cartId: string; readonly variantId: string; readonly quantity: number },
  ): Promise<Outcome<Cart, LineRefusal | 'NOT_FOUND'>>;
  remove(
    buyerId: string,
    line: { readonly cartId: string; readonly variantId: string },
  ): Promise<Outcome<Cart, 'NOT_FOUND'>>;
}

export interface CartDependencies {
  readonly carts: Carts;
  readonly offers: Offers;
  readonly rulesOf: SellingRulesOf;
  readonly newId: NewId;
  readonly clock: () => Date;
}

/** A client that changes its cart from this many places at once is a broken one. */
const ATTEMPTS = 10;

const SOURCE_PREFIX = { LIVE_ROOM: 'liv', VIDEO: 'vid' } as const;

export function cartChanges(dependencies: CartDependencies): CartChanges {
  const { carts, offers, rulesOf, newId, clock } = dependencies;

  /** Reads, decides, and stores unless somebody was faster; then decides again on what they left. */
  async function change<Refusal>(
    read: () => Promise<Cart | null>,
    decide: (cart: Cart) => Outcome<Cart, Refusal>,
  ): Promise<Outcome<Cart, Refusal | 'NOT_FOUND'>> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const cart = await read();
      if (!cart) return refuse('NOT_FOUND');
      const decision = decide(cart);
      if (!decision.ok || (await carts.save(decision.value))) return decision;
    }
    throw new Error('a cart was changed too often at once');
  }

  /** Another buyer's cart is as if it did not exist. */
  const own = (buyerId: string, cartId: string) => async () => {
    const cart = await carts.ofBuyer(buyerId);
    return cart?.id === cartId ? cart : null;
  };

  return {
    async add(buyerId, { variantId, quantity, market, source }) {
      const rules = rulesOf(market, clock());
      const problems: CartProblem[] = [];
      if (!Number.isInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY) {
        problems.push('QUANTITY_OUT_OF_RANGE');
      }
      if (!rules) problems.push('UNKNOWN_MARKET');
      if (source && prefixOf(source.id) !== SOURCE_PREFIX[source.kind]) {
        problems.push('INVALID_SOURCE');
      }
      if (!rules || problems.length > 0) return refuse({ problems });

      const [offer] = await offers.findMany([variantId]);
      if (!offer) return refuse('NOT_FOUND');
      if (!priceIn(offer, market)) return refuse('PRODUCT_UNAVAILABLE');
      const { productId, shopId } = offer;
      const title = titleOf(offer, rules.languages);
      const line = { variantId, productId, shopId, title, quantity, source };
      const empty = { id: newId('crt'), buyerId, market, lines: [], version: 0 };
      return change(
        async () => (await carts.ofBuyer(buyerId)) ?? empty,
        (cart) => putIn(cart, line, market),
      );
    },

    setQuantity: (buyerId, { cartId, variantId, quantity }) =>
      change(own(buyerId, cartId), (cart) => setQuantity(cart, variantId, quantity)),

    remove: (buyerId, { cartId, variantId }) =>
      change(own(buyerId, cartId), (cart) => takeOut(cart, variantId)),
  };
}
