import type { MoneyValue } from '@vitrine/events/fact';
import { type Money, money } from '@vitrine/kernel/money';
import { Schema } from 'mongoose';

/** Money as a row holds it: 64-bit minor units. */
export interface MoneyRow {
  readonly minor: bigint;
  readonly currencyCode: string;
}

export const moneySchema = new Schema<MoneyRow>(
  {
    minor: { type: Schema.Types.BigInt, required: true },
    currencyCode: { type: String, required: true },
  },
  { _id: false, strict: 'throw' },
);

/**
 * Lean reads hand out 64-bit integers as numbers where they are safe and as `Long` beyond; both
 * print all their digits.
 */
export const toMinor = (stored: unknown): bigint => BigInt(String(stored));

export const toMoney = ({ minor, currencyCode }: MoneyRow): Money =>
  money(toMinor(minor), currencyCode);

/** As facts carry it. */
export const toMoneyValue = ({ minor, currencyCode }: Money): MoneyValue => ({
  minor: minor.toString(),
  currencyCode,
});
