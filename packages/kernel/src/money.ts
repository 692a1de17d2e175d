import { exponentOf, isCurrencyCode } from './currency.ts';
import { accept, invariant, type Outcome, refuse } from './outcome.ts';

/** An amount in minor units (cents, sen, yen) of one ISO 4217 currency. */
export interface Money {
  readonly minor: bigint;
  readonly currencyCode: string;
}

export type MoneyRefusal =
  | 'MALFORMED_AMOUNT'
  | 'NEGATIVE_AMOUNT'
  | 'TOO_PRECISE'
  | 'AMOUNT_TOO_LARGE'
  | 'UNKNOWN_CURRENCY';

/** Amounts are stored as signed 64-bit integers. */
const LARGEST = 2n ** 63n - 1n;

export const money = (minor: bigint, currencyCode: string): Money => ({ minor, currencyCode });

export const zero = (currencyCode: string): Money => money(0n, currencyCode);

/** Sums amounts of one currency; an empty list needs the currency to be named. */
export const sum = (amounts: readonly Money[], currencyCode: string): Money =>
  amounts.reduce(add, zero(currencyCode));

export function add(a: Money, b: Money): Money {
  assertSameCurrency(a, b);
  return money(a.minor + b.minor, a.currencyCode);
}

export function subtract(a: Money, b: Money): Money {
  assertSameCurrency(a, b);
  return money(a.minor - b.minor, a.currencyCode);
}

export const times = (a: Money, quantity: number): Money => {
  invariant(Number.isInteger(quantity), 'a quantity is a whole number');
  return money(a.minor * BigInt(quantity), a.currencyCode);
};

export const isEqual = (a: Money, b: Money): boolean =>
  a.minor === b.minor && a.currencyCode === b.currencyCode;

/**
 * Splits an amount by weights so that the parts sum to the whole: each part is rounded towards
 * zero, then the units left over go one each to the largest remainders, first come first served
 * (the largest-remainder or Hamilton method). Throws when no weight is positive.
 */
export function split(whole: Money, weights: readonly bigint[]): Money[] {
  invariant(
    weights.every((weight) => weight >= 0n),
    'weights are not negative',
  );
  const total = weights.reduce((a, b) => a + b, 0n);
  invariant(total > 0n, 'at least one weight is positive');
  const sign = whole.minor < 0n ? -1n : 1n;
  const magnitude = whole.minor * sign;
  const parts = weights.map((weight, index) => ({
    index,
    minor: (magnitude * weight) / total,
    remainder: (magnitude * weight) % total,
  }));
  let left = magnitude - parts.reduce((a, part) => a + part.minor, 0n);
  const byRemainder = parts.toSorted((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const part of byRemainder) {
    if (left === 0n) break;
    part.minor += 1n;
    left -= 1n;
  }
  return parts.map((part) => money(part.minor * sign, whole.currencyCode));
}

/**
 * Reads a decimal string such as `"19.90"` in the currency's own precision.
 * Refuses what is no plain decimal, is negative, or has more digits than the currency.
 */
export function parseMoney(amount: string, currencyCode: string): Outcome<Money, MoneyRefusal> {
  if (!isCurrencyCode(currencyCode)) return refuse('UNKNOWN_CURRENCY');
  const match = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/.exec(amount);
  if (!match) return refuse('MALFORMED_AMOUNT');
  const [, sign, whole = '', fraction = ''] = match;
  const exponent = exponentOf(currencyCode);
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > exponent) return refuse('TOO_PRECISE');
  const minor = BigInt(whole + significant.padEnd(exponent, '0'));
  if (minor > LARGEST) return refuse('AMOUNT_TOO_LARGE');
  if (sign === '-' && minor > 0n) return refuse('NEGATIVE_AMOUNT');
  return accept(money(minor, currencyCode));
}

/** The amount as a decimal string with all digits of its currency: 1 990n EUR is `"19.90"`. */
export function formatAmount({ minor, currencyCode }: Money): string {
  const exponent = exponentOf(currencyCode);
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  return exponent === 0
    ? sign + digits
    : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

function assertSameCurrency(a: Money, b: Money): void {
  invariant(
    a.currencyCode === b.currencyCode,
    `amounts of ${a.currencyCode} and ${b.currencyCode} do not mix`,
  );
}
