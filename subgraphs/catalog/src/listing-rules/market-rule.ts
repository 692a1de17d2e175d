/** The listing rule of one market on the day of review, with what of the market it needs. */
export interface MarketRule {
  readonly market: string;
  readonly isTest: boolean;
  readonly currencyCode: string;
  /** BCP 47, the market's main language first. */
  readonly languages: readonly string[];
  /** In user-perceived characters, like all lengths here. */
  readonly titleMinLength: number;
  readonly titleMaxLength: number;
  readonly descriptionMaxLength: number;
  readonly maxVariants: number;
  readonly maxImages: number;
  /** Category codes; what lies under them is meant too. */
  readonly prohibitedCategories: readonly string[];
  readonly restrictedCategories: readonly string[];
}
