import type { Outcome } from '@vitrine/kernel/outcome';
import type { Checkout, CheckoutEvent } from './checkout.ts';

export type StartRefusal =
  /** The cart has another checkout under way. */
  | { readonly kind: 'CART_BUSY'; readonly checkoutId: string | null }
  /** Another call with the same key was faster. */
  | { readonly kind: 'KEY_BUSY' };

/** The cart is no longer what the checkout was planned on: look again. */
export interface CartChanged {
  readonly kind: 'CART_CHANGED';
}

/** Where checkouts are kept. Every write and what follows from it is one transaction. */
export interface Checkouts {
  find(id: string): Promise<Checkout | null>;
  /** The checkout that holds the buyer's key: one under way or completed. */
  findByKey(buyerId: string, key: string): Promise<Checkout | null>;
  /**
   * Stores it and asks logistics for its stock, if its cart still is the version it was planned on:
   * another checkout may have ordered the very same lines since, and have ended.
   */
  start(
    checkout: Checkout,
    cartVersion: number,
  ): Promise<Outcome<Checkout, StartRefusal | CartChanged>>;
  /**
   * Moves it on with everything the new state entails: the orders and the emptied cart, the facts,
   * the freed idempotency key, the timer. Null when the event changes nothing, or when somebody
   * else has moved the checkout since it was read.
   */
  apply(from: Checkout, event: CheckoutEvent): Promise<Checkout | null>;
}
