/** A variant as logistics keeps it: a projection of catalog's listings. */
export interface Variant {
  readonly variantId: string;
  readonly productId: string;
  readonly shopId: string;
  readonly weightGrams: number;
  /** Part of an active listing. One that is not can still lie in a warehouse. */
  readonly isOnSale: boolean;
}

/** Where variants are kept. Implemented over MongoDB in `variant.store.ts`. */
export interface Variants {
  findMany(variantIds: readonly string[]): Promise<Variant[]>;
  findManyOnSale(productIds: readonly string[]): Promise<Variant[]>;
}
