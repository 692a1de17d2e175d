import type { Money } from '@vitrine/kernel/money';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Problem } from '../input/read-input.ts';
import type { Variant } from '../variants/variant.ts';

/** What can carry a parcel, as the market's lanes offer it. */
export interface ShippingOffer {
  readonly id: string;
  readonly service: 'STANDARD' | 'EXPRESS';
  readonly name: string;
  readonly price: Money;
  readonly minDays: number;
  readonly maxDays: number;
}

export interface ShippingBasket {
  readonly market: string;
  /** Only this shop's lines. */
  readonly shopId?: string | null | undefined;
  readonly variantLines: readonly { readonly variantId: string; readonly quantity: number }[];
}

/** What can carry one shop's part of a basket. */
export interface ShopQuote {
  readonly shopId: string;
  readonly weightGrams: number;
  readonly options: readonly ShippingOffer[];
}

export interface QuoteRefusal {
  readonly problems: readonly Problem[];
  /** Where the input points at what does not exist, as paths from `input` on. */
  readonly missing: readonly (readonly (string | number)[])[];
}

export interface QuotePorts {
  readonly isMarket: (code: string) => boolean;
  /** Whether one market is a test and the other is not. */
  readonly areApart: (a: string, b: string) => boolean;
  /** The shops' own markets, as far as they are known. */
  readonly homesOf: (shopIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly findVariants: (ids: readonly string[]) => Promise<readonly Variant[]>;
  /** What carries a parcel to a buyer of the market now, the cheapest first. */
  readonly offersOf: (parcel: {
    readonly market: string;
    readonly weightGrams: number;
  }) => readonly ShippingOffer[];
}

export type QuoteShipping = (
  basket: ShippingBasket,
) => Promise<Outcome<readonly ShopQuote[], QuoteRefusal>>;

const MAX_LINES = 100;
const MAX_QUANTITY = 999;
/** A thousand tonnes: far above every lane's limit, and still a GraphQL `Int`. */
const MAX_GRAMS = 1_000_000_000;

function problemsOf(basket: ShippingBasket, isMarket: QuotePorts['isMarket']): Problem[] {
  const problems: Problem[] = [];
  const { length } = basket.variantLines;
  if (!isMarket(basket.market)) {
    const message = `We do not trade in ${basket.market}.`;
    problems.push({ code: 'UNKNOWN_MARKET', message, path: ['market'] });
  }
  if (length < 1 || length > MAX_LINES) {
    const message = `A basket has 1 to ${MAX_LINES} lines; this has ${length}.`;
    problems.push({ code: 'LINE_COUNT', message, path: ['variantLines'] });
    return problems;
  }
  basket.variantLines.forEach(({ quantity }, index) => {
    if (quantity >= 1 && quantity <= MAX_QUANTITY) return;
    const path = ['variantLines', index, 'quantity'];
    problems.push({ code: 'OUT_OF_RANGE', message: `quantity is 1 to ${MAX_QUANTITY}.`, path });
  });
  return problems;
}

/** Each shop sends a parcel of its own, so each shop's lines are weighed and quoted together. */
export const quoteShipping =
  ({ isMarket, areApart, homesOf, findVariants, offersOf }: QuotePorts): QuoteShipping =>
  async (basket) => {
    const problems = problemsOf(basket, isMarket);
    if (problems.length > 0) return refuse({ problems, missing: [] });

    const ids = [...new Set(basket.variantLines.map(({ variantId }) => variantId))];
    const variants = new Map((await findVariants(ids)).map((one) => [one.variantId, one]));
    const lines = basket.variantLines.map((line) => ({
      ...line,
      variant: variants.get(line.variantId) ?? null,
    }));
    const missing = lines.flatMap(({ variant }, index) =>
      variant ? [] : [['variantLines', index, 'variantId']],
    );
    const isShopThere =
      basket.shopId == null || lines.some(({ variant }) => variant?.shopId === basket.shopId);
    if (missing.length > 0 || !isShopThere) {
      return refuse({ problems: [], missing: isShopThere ? missing : [['shopId'], ...missing] });
    }

    const weights = new Map<string, number>();
    for (const { variant, quantity } of lines) {
      if (!variant) continue;
      const { shopId, weightGrams } = variant;
      weights.set(shopId, (weights.get(shopId) ?? 0) + weightGrams * quantity);
    }
    if ([...weights.values()].some((weight) => weight > MAX_GRAMS)) {
      const message = 'No parcel weighs over a thousand tonnes.';
      return refuse({
        problems: [{ code: 'TOO_HEAVY', message, path: ['variantLines'] }],
        missing: [],
      });
    }
    const homes = await homesOf([...weights.keys()]);
    /** Nothing leaves the test market, or comes into it. */
    const isReached = (shopId: string) =>
      !areApart(homes.get(shopId) ?? basket.market, basket.market);
    return accept(
      [...weights]
        .filter(([shopId]) => basket.shopId == null || basket.shopId === shopId)
        .map(([shopId, weightGrams]) => ({
          shopId,
          weightGrams,
          options: isReached(shopId) ? offersOf({ market: basket.market, weightGrams }) : [],
        })),
    );
  };
