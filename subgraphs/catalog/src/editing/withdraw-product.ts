import type { Clock } from '@vitrine/kernel/clock';
import { accept } from '@vitrine/kernel/outcome';
import type { Product, Products } from '../products/product.ts';
import { move } from '../products/product-state.ts';
import {
  type ChangeTarget,
  changeProduct,
  forbiddenByState,
  type ProductOutcome,
} from './change-product.ts';

export type Withdraw = (target: ChangeTarget) => Promise<ProductOutcome>;

export interface WithdrawPorts {
  readonly products: Products;
  readonly clock: Clock;
}

const withdraw =
  (action: 'DEACTIVATE' | 'DELETE', refusal: 'NOT_DEACTIVATABLE' | 'NOT_DELETABLE') =>
  ({ products, clock }: WithdrawPorts): Withdraw =>
  (target) =>
    changeProduct(products, target, clock(), (current) => {
      const state = move(current.state, action);
      return state === null ? forbiddenByState(refusal) : accept<Product>({ ...current, state });
    });

export const deactivateProduct = withdraw('DEACTIVATE', 'NOT_DEACTIVATABLE');
export const deleteProduct = withdraw('DELETE', 'NOT_DELETABLE');
