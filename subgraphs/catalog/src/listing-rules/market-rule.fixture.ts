import type { MarketRule } from './market-rule.ts';

/** For tests: the rule of a market that allows much; override what the test is about. */
export const aRule = (overrides: Partial<MarketRule> = {}): MarketRule => ({
  market: 'DE',
  isTest: false,
  currencyCode: 'EUR',
  languages: ['de', 'en'],
  titleMinLength: 1,
  titleMaxLength: 255,
  descriptionMaxLength: 10_000,
  maxVariants: 100,
  maxImages: 9,
  prohibitedCategories: ['weapons'],
  restrictedCategories: ['food'],
  ...overrides,
});
