import { readFileSync } from 'node:fs';
import { isCurrencyCode } from '@vitrine/kernel/currency';
import { z } from 'zod';

const day = z.iso.date();

/** A commercial rule holds from the start of one day (UTC) to the start of another. */
const dated = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.array(z.object({ validFrom: day, validTo: day.nullable(), ...shape })).min(1);

const marketSchema = z.object({
  code: z.string().regex(/^[A-Z]{2}$/),
  name: z.string(),
  /** Goods, orders and money there are not real: it shares nothing with the other markets. */
  isTest: z.boolean().default(false),
  currencyCode: z.string().refine(isCurrencyCode, 'is an ISO 4217 code'),
  /** BCP 47, the market's main language first. */
  languages: z.array(z.string()).min(1),
  timeZone: z.string(),
  /** Basis points of the price; whether the shown price already holds the tax. */
  tax: dated({ bps: z.int().min(0).max(10_000), isIncluded: z.boolean() }),
  listing: dated({
    /** In user-perceived characters. */
    titleMinLength: z.int(),
    titleMaxLength: z.int(),
    descriptionMaxLength: z.int(),
    maxVariants: z.int(),
    maxImages: z.int(),
    /** May not be sold at all. */
    prohibitedCategories: z.array(z.string()),
    /** May be sold after documents have been approved. */
    restrictedCategories: z.array(z.string()),
  }),
  afterSales: dated({ returnDays: z.int() }),
  dispatch: dated({ handOverBusinessDays: z.int(), autoCancelDays: z.int() }),
  checkout: dated({
    /** A paid order can be cancelled freely for so long. */
    freeCancelMinutes: z.int(),
    /** Stock of an unfinished checkout is held for so long. */
    reservationMinutes: z.int(),
  }),
  enforcementSystem: z.enum(['ACCOUNT_HEALTH', 'VIOLATION_POINTS']),
});

/** A country the platform trades in, with the rules that hold there. */
export type Market = z.infer<typeof marketSchema>;

/** Kinds of dated rules a market has. */
export type RuleKind = 'tax' | 'listing' | 'afterSales' | 'dispatch' | 'checkout';

const all = new Map(
  z
    .array(marketSchema)
    .parse(JSON.parse(readFileSync(new URL('../data/markets.json', import.meta.url), 'utf8')))
    .map((market) => [market.code, market]),
);

/** All of them, the test market as well; `isTest` tells it apart. */
export const markets = (): readonly Market[] => [...all.values()];

/** The market of a code such as `ID`, or null where the platform does not trade. */
export const marketOf = (code: string): Market | null => all.get(code) ?? null;

/** Where apps try things out: `ZZ`, which ISO 3166 leaves to its users, paid in `XTS`. */
export const TEST_MARKET = 'ZZ';

/** What is earned or owed in the test market, and nowhere else. */
export const TEST_CURRENCY = 'XTS';

export const isTestMarket = (code: string): boolean => marketOf(code)?.isTest ?? false;

/**
 * Whether one of two markets is a test and the other is not. What belongs to one may not trade,
 * lie or be counted in the other: else a developer's sample would stand among real goods.
 */
export const areApart = (a: string, b: string): boolean => isTestMarket(a) !== isTestMarket(b);

/** The rule of a kind that holds at a moment; throws when the data leave a gap. */
export function ruleOf<Kind extends RuleKind>(
  market: Market,
  kind: Kind,
  at: Date,
): Market[Kind][number] {
  const today = at.toISOString().slice(0, 10);
  const rule = market[kind].findLast(
    ({ validFrom, validTo }) => validFrom <= today && (validTo === null || today < validTo),
  );
  if (!rule) throw new Error(`${market.code} has no ${kind} rule on ${today}`);
  return rule;
}
