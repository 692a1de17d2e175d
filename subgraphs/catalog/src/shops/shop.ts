/** What the catalog knows of a shop: enough to judge its products. */
export interface Shop {
  readonly id: string;
  /** Its home, where all its products are sold at least. */
  readonly market: string;
  readonly currencyCode: string;
}

/** The shops that have opened, by the facts of the shops subgraph; a moment behind it at worst. */
export interface Shops {
  find(id: string): Promise<Shop | null>;
}
