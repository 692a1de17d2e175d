import { z } from 'zod';

/**
 * The contract of one kind of fact that crosses subgraphs. Payloads carry ids and values, never
 * documents, and evolve by optional additions; a change that would break a consumer is a new
 * `version` published beside the old one.
 */
export interface FactContract<Type extends string = string, Payload extends object = object> {
  /** `<subgraph>.<aggregate>-<past participle>`, such as `catalog.listing-changed`. */
  readonly type: Type;
  readonly version: number;
  readonly payload: z.ZodType<Payload>;
}

/** A fact as consumers receive it. */
export interface Fact<Type extends string = string, Payload extends object = object> {
  /** `evt_…`; the same on every delivery of the same fact. */
  readonly id: string;
  readonly type: Type;
  readonly version: number;
  /** What the fact is about; facts of one aggregate are published in order. */
  readonly aggregateId: string;
  /**
   * Rises with every fact of the aggregate. A projection ignores what is not newer than what it
   * has, so retries and parallel workers cannot turn it back.
   */
  readonly aggregateVersion: number;
  readonly occurredAt: Date;
  readonly payload: Payload;
}

export const defineFact = <const Type extends string, Payload extends object>(
  contract: FactContract<Type, Payload>,
): FactContract<Type, Payload> => contract;

export type FactOf<Contract> =
  Contract extends FactContract<infer Type, infer Payload> ? Fact<Type, Payload> : never;

/** Minor units as digits, since JSON has no 64-bit integers: 19.90 EUR is `{ minor: '1990', currencyCode: 'EUR' }`. */
export const moneyValue = z.object({
  minor: z.string().regex(/^-?\d{1,19}$/),
  currencyCode: z.string().length(3),
});
export type MoneyValue = z.infer<typeof moneyValue>;

/** Where a buyer came from when they put something into the cart: content that a creator may be paid for. */
export const sourceValue = z.object({
  kind: z.enum(['LIVE_ROOM', 'VIDEO']),
  id: z.string(),
});
export type SourceValue = z.infer<typeof sourceValue>;
