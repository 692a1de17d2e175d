import { isOnSale, type Product, wasPublished } from './product.ts';

/** Someone looking at products, as far as seeing them goes. */
export interface Onlooker {
  readonly isOperator: boolean;
  readonly worksFor: (shopId: string) => boolean;
}

const seesAll = ({ shopId }: Product, { isOperator, worksFor }: Onlooker): boolean =>
  isOperator || worksFor(shopId);

/** Who looks for a product finds what is on sale; its staff and operators find it in any state. */
export const canFind = (product: Product, onlooker: Onlooker): boolean =>
  isOnSale(product) || seesAll(product, onlooker);

/**
 * Who follows a link (an order line, a comment, an old address) still sees what was on sale once,
 * with its state; what never was stays its shop's secret.
 */
export const canFollow = (product: Product, onlooker: Onlooker): boolean =>
  wasPublished(product) || seesAll(product, onlooker);
