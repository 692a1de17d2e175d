import type { Outcome } from '@vitrine/kernel/outcome';
import type { Checkout, CheckoutEvent } from './checkout.ts';

export type StartRefusal =
  /** The cart has another checkout under way. */
  | { readonly kind: 'CART_BUSY'; readonly checkoutId: string | null }
  /** Another call with the same key was faster. */
  | { readonly kind: 'KEY_BUSY' };

/** Where checkouts are kept. Every write and what follows from it is one transaction. */
export interface Checkouts {
  find(id: string): Promise<Checkout | null>;
  /** The checkout that holds the buyer's key: one under way or completed. */
  findByKey(buyerId: string, key: string): Promise<Checkout | null>;
  /** Stores it and asks logistics for its stock. */
  start(checkout: Checkout): Promise<Outcome<Checkout, StartRefusal>>;
  /**
   * Moves it on with everything the new state entails: the orders and the emptied cart, the facts,
   * the freed idempotency key, the timer. Null when the event changes nothing, or when somebody
   * else has moved the checkout since it was read.
   */
  apply(from: Checkout, event: CheckoutEvent): Promise<Checkout | null>;
}
