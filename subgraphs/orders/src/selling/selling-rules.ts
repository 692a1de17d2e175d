import type { Money } from '@vitrine/kernel/money';

/** A way to bring one shop's lines to the buyer, priced for their weight. */
export interface ShippingOption {
  readonly id: string;
  readonly name: string;
  readonly price: Money;
  readonly minDays: number;
  readonly maxDays: number;
}

/** The rules of a market that selling depends on, as they hold at one moment. */
export interface SellingRules {
  readonly market: string;
  /** Nothing there is real, and no money moves. */
  readonly isTest: boolean;
  readonly currencyCode: string;
  /** BCP 47, the market's main language first. */
  readonly languages: readonly string[];
  /** A paid order can be cancelled freely for so long. */
  readonly freeCancelMinutes: number;
  /** The shop has so long to send an order; then it is cancelled. */
  readonly autoCancelDays: number;
  /** What can bring a parcel of so many grams, the cheapest first. */
  shippingOptions(weightGrams: number): readonly ShippingOption[];
}

/** The rules of a market at a moment, or null where the platform does not trade. */
export type SellingRulesOf = (market: string, at: Date) => SellingRules | null;
