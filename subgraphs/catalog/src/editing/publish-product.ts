import type { Clock } from '@vitrine/kernel/clock';
import { accept, invariant, refuse } from '@vitrine/kernel/outcome';
import type { ReviewListing } from '../listing-rules/listing-rules.ts';
import type { Product, Products } from '../products/product.ts';
import { move } from '../products/product-state.ts';
import type { Shops } from '../shops/shop.ts';
import {
  type ChangeTarget,
  changeProduct,
  forbiddenByState,
  type ProductOutcome,
} from './change-product.ts';

export type PutOnSale = (target: ChangeTarget) => Promise<ProductOutcome>;

export interface PutOnSalePorts {
  readonly products: Products;
  readonly shops: Shops;
  readonly review: ReviewListing;
  readonly clock: Clock;
}

/**
 * Submits a product and reviews it in the same breath: what breaks no listing rule passes. A
 * product that breaks one is refused rather than sent to FAILED, which is for what a person finds.
 */
const putOnSale =
  (action: 'SUBMIT' | 'REACTIVATE', refusal: 'NOT_PUBLISHABLE' | 'NOT_ACTIVATABLE') =>
  ({ products, shops, review, clock }: PutOnSalePorts): PutOnSale =>
  (target) => {
    const now = clock();
    return changeProduct(products, target, now, async (current) => {
      const submitted = move(current.state, action);
      if (submitted === null) return forbiddenByState(refusal);
      const shop = await shops.find(current.shopId);
      if (!shop) return forbiddenByState('SHOP_NOT_OPEN');
      const problems = review(current, shop.market);
      if (problems.length > 0) return refuse({ type: 'UNLISTABLE', problems });
      const state = move(submitted, 'APPROVE');
      invariant(state !== null, 'what was submitted can be approved');
      return accept<Product>({ ...current, state, publishedAt: current.publishedAt ?? now });
    });
  };

export const publishProduct = putOnSale('SUBMIT', 'NOT_PUBLISHABLE');
export const activateProduct = putOnSale('REACTIVATE', 'NOT_ACTIVATABLE');
