import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type Problem, problem } from '../listing-rules/problem.ts';
import type { Product, ProductContent, Products } from '../products/product.ts';

export type ProductRefusal =
  | 'SHOP_NOT_OPEN'
  | 'NOT_EDITABLE'
  | 'NOT_PUBLISHABLE'
  | 'NOT_DEACTIVATABLE'
  | 'NOT_ACTIVATABLE'
  | 'NOT_DELETABLE';

/** Why a product stayed as it is. */
export type ChangeRefusal =
  | { readonly type: 'NOT_FOUND' }
  | { readonly type: 'CONFLICT'; readonly current: Product }
  | { readonly type: 'FORBIDDEN_BY_STATE'; readonly refusal: ProductRefusal }
  /** The input itself is wrong. */
  | { readonly type: 'INVALID'; readonly problems: readonly Problem[] }
  /** The product may not be on sale as it is, or would be. */
  | { readonly type: 'UNLISTABLE'; readonly problems: readonly Problem[] };

export type ProductOutcome = Outcome<Product, ChangeRefusal>;

export interface ChangeTarget {
  readonly productId: string;
  /** Null for a change that suits any version. */
  readonly expectedVersion: number | null;
}

export const forbiddenByState = (refusal: ProductRefusal) =>
  refuse({ type: 'FORBIDDEN_BY_STATE', refusal } as const);

/** A product is changed by several people at most; who loses five times in a row may ask again. */
const ATTEMPTS = 5;

/**
 * Reads, decides and stores, and decides again when somebody was faster, so that of two changes
 * based on one version exactly one is made. `decide` raises nothing: the version is raised here.
 */
export async function changeProduct(
  products: Products,
  { productId, expectedVersion }: ChangeTarget,
  now: Date,
  decide: (current: Product) => Promise<ProductOutcome> | ProductOutcome,
): Promise<ProductOutcome> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await products.find(productId);
    if (!current) return refuse({ type: 'NOT_FOUND' });
    if (expectedVersion !== null && current.version !== expectedVersion) {
      return refuse({ type: 'CONFLICT', current });
    }
    const decision = await decide(current);
    if (!decision.ok) return decision;
    const stored = await products.replace(current, {
      ...decision.value,
      version: current.version + 1,
      updatedAt: now,
    });
    if (stored.ok) return stored;
    if (stored.refusal.type === 'SKUS_TAKEN') {
      return refuse({ type: 'INVALID', problems: skusTaken(decision.value, stored.refusal.skus) });
    }
    if (attempt === ATTEMPTS) return refuse({ type: 'CONFLICT', current });
  }
}

/** At the variants that claim them. */
export const skusTaken = (
  { variants }: Pick<ProductContent, 'variants'>,
  taken: readonly string[],
): Problem[] =>
  variants.flatMap(({ sku }, at) =>
    taken.includes(sku)
      ? [
          problem('SKU_TAKEN', `Another product of the shop has the SKU ${sku}.`, [
            'variants',
            at,
            'sku',
          ]),
        ]
      : [],
  );
