import { type MoneyRefusal, parseMoney } from '@vitrine/kernel/money';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { keywordsOf } from './keywords.ts';
import type { ListingFilter } from './listing.ts';

interface MoneyInput {
  readonly amount: string;
  readonly currencyCode: string;
}

export interface FilterInput {
  readonly shopIds?: readonly string[] | null | undefined;
  readonly categories?: readonly string[] | null | undefined;
  readonly priceMin?: MoneyInput | null | undefined;
  readonly priceMax?: MoneyInput | null | undefined;
  readonly updatedAfter?: Date | null | undefined;
  readonly updatedBefore?: Date | null | undefined;
  readonly text?: string | null | undefined;
}

export type FilterRefusal =
  | MoneyRefusal
  | 'CURRENCY_MISMATCH'
  | 'UNKNOWN_CATEGORY'
  | 'FILTER_TOO_LARGE';

const MOST_SHOPS = 100;
const MOST_CATEGORIES = 50;
const LONGEST_TEXT = 200;

/** Reads a filter for a market that trades in `currencyCode`; refuses with the first thing wrong. */
export function readFilter(
  input: FilterInput,
  { market, currencyCode }: { readonly market: string; readonly currencyCode: string },
  isCategory: (code: string) => boolean,
): Outcome<ListingFilter, FilterRefusal> {
  const { shopIds = null, categories = null, updatedAfter = null, updatedBefore = null } = input;
  const text = input.text?.trim() ?? '';
  if ((shopIds?.length ?? 0) > MOST_SHOPS) return refuse('FILTER_TOO_LARGE');
  if ((categories?.length ?? 0) > MOST_CATEGORIES) return refuse('FILTER_TOO_LARGE');
  if (text.length > LONGEST_TEXT) return refuse('FILTER_TOO_LARGE');
  if (!(categories ?? []).every(isCategory)) return refuse('UNKNOWN_CATEGORY');

  const bound = (amount: MoneyInput | null | undefined): Outcome<bigint | null, FilterRefusal> => {
    if (!amount) return accept(null);
    const money = parseMoney(amount.amount, amount.currencyCode);
    if (!money.ok) return money;
    return money.value.currencyCode === currencyCode
      ? accept(money.value.minor)
      : refuse('CURRENCY_MISMATCH');
  };
  const min = bound(input.priceMin);
  if (!min.ok) return min;
  const max = bound(input.priceMax);
  if (!max.ok) return max;

  const words = keywordsOf([text]);
  return accept({
    market,
    shopIds,
    categories,
    minPriceMinor: min.value,
    maxPriceMinor: max.value,
    updatedAfter,
    updatedBefore,
    // A text without any word, such as `!!!`, finds nothing rather than everything.
    keywords: text !== '' && words.length === 0 ? [text] : words,
  });
}
