import type { Connection } from '@vitrine/platform/pages';
import type { UserErrorValue } from '@vitrine/platform/user-errors';
import type { ProductRefusal } from './editing/change-product.ts';
import type { Product } from './products/product.ts';

/** An entity of another subgraph, pointed at. */
export interface EntityRef {
  readonly id: string;
}

export type { Money as MoneyMapper } from '@vitrine/kernel/money';
export type { Category as CategoryMapper } from './categories/category.ts';
export type {
  Dimensions as VariantDimensionsMapper,
  Product as ProductMapper,
  Variant as VariantMapper,
  VariantPrice as VariantPriceMapper,
} from './products/product.ts';
export type ProductConnectionMapper = Connection<Product>;
export type ProductEdgeMapper = ProductConnectionMapper['edges'][number];
export type ShopMapper = EntityRef;
export type InvalidInputErrorMapper = UserErrorValue<'InvalidInputError'>;
export type NotFoundErrorMapper = UserErrorValue<'NotFoundError'>;
export type IdempotencyErrorMapper = UserErrorValue<'IdempotencyError'>;
export interface ListingProblemMapper extends UserErrorValue<'ListingProblem'> {
  readonly market: string | null;
}
export interface ProductRefusedErrorMapper extends UserErrorValue<'ProductRefusedError'> {
  readonly refusal: ProductRefusal;
}
export interface ProductVersionConflictErrorMapper
  extends UserErrorValue<'ProductVersionConflictError'> {
  readonly product: Product;
}
