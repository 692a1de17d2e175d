import { invariant } from './outcome.ts';

/** A rate in basis points: 1 is 0.01 %, 10 000 is 100 %. Always a whole number. */
export type BasisPoints = number;

export const isBasisPoints = (value: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= 10_000;

/**
 * `bps` of an amount in minor units, rounded down: whoever pays a rate never pays more than
 * was agreed. Throws on a negative amount or a rate outside 0–10 000.
 */
export function shareOf(amountMinor: bigint, bps: BasisPoints): bigint {
  invariant(amountMinor >= 0n, 'a rate applies to an amount that is not negative');
  invariant(isBasisPoints(bps), 'a rate is a whole number of basis points between 0 and 10 000');
  return (amountMinor * BigInt(bps)) / 10_000n;
}
