import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  formatAmount,
  isEqual,
  money,
  parseMoney,
  split,
  subtract,
  sum,
  times,
  zero,
} from './money.ts';

const currency = fc.constantFrom('EUR', 'JPY', 'KWD', 'IDR');
const minor = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });

describe('an amount', () => {
  test.for([
    [1_990n, 'EUR', '19.90'],
    [5n, 'EUR', '0.05'],
    [1_990n, 'JPY', '1990'],
    [1n, 'KWD', '0.001'],
    [-250n, 'USD', '-2.50'],
  ] as const)('of %s minor units of %s reads %s', ([minorUnits, code, text]) => {
    expect(formatAmount(money(minorUnits, code))).toBe(text);
  });

  test('survives being written and read in every currency', () => {
    fc.assert(
      fc.property(minor, currency, (units, code) => {
        const amount = money(units, code);
        expect(parseMoney(formatAmount(amount), code)).toEqual({ ok: true, value: amount });
      }),
    );
  });

  test('may be stated with fewer digits, or zeros too many', () => {
    expect(parseMoney('19.9', 'EUR')).toEqual({ ok: true, value: money(1_990n, 'EUR') });
    expect(parseMoney('19.9000', 'EUR')).toEqual({ ok: true, value: money(1_990n, 'EUR') });
    expect(parseMoney('7.0', 'JPY')).toEqual({ ok: true, value: money(7n, 'JPY') });
    expect(parseMoney('-0', 'EUR')).toEqual({ ok: true, value: zero('EUR') });
  });

  test.for([
    ['19.905', 'EUR', 'TOO_PRECISE'],
    ['1.5', 'JPY', 'TOO_PRECISE'],
    ['-1', 'EUR', 'NEGATIVE_AMOUNT'],
    ['1e3', 'EUR', 'MALFORMED_AMOUNT'],
    ['', 'EUR', 'MALFORMED_AMOUNT'],
    ['1,50', 'EUR', 'MALFORMED_AMOUNT'],
    ['9'.repeat(19), 'EUR', 'AMOUNT_TOO_LARGE'],
    ['1', 'XXX', 'UNKNOWN_CURRENCY'],
  ] as const)('stated as %s %s is refused with %s', ([text, code, refusal]) => {
    expect(parseMoney(text, code)).toEqual({ ok: false, refusal });
  });
});

describe('a split', () => {
  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 20 })
    .filter((all) => all.some((weight) => weight > 0n));

  test('sums to the whole, whatever the weights and the sign', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), weights, (whole, by) => {
        const parts = split(money(whole, 'EUR'), by);
        expect(sum(parts, 'EUR')).toEqual(money(whole, 'EUR'));
      }),
    );
  });

  test('gives each part its exact share, rounded up or down by less than one unit', () => {
    fc.assert(
      fc.property(minor, weights, (whole, by) => {
        const total = by.reduce((a, b) => a + b, 0n);
        for (const [index, part] of split(money(whole, 'EUR'), by).entries()) {
          const scaled = part.minor * total - whole * (by[index] ?? 0n);
          expect(scaled > -total && scaled < total).toBe(true);
        }
      }),
    );
  });

  test('gives nothing to a weight of zero', () => {
    expect(split(money(100n, 'EUR'), [0n, 1n, 0n]).map((part) => part.minor)).toEqual([
      0n,
      100n,
      0n,
    ]);
  });

  test('gives what is left to the largest remainders, the first of equals first', () => {
    expect(split(money(100n, 'EUR'), [1n, 1n, 1n]).map((part) => part.minor)).toEqual([
      34n,
      33n,
      33n,
    ]);
    expect(split(money(10n, 'EUR'), [5n, 3n, 1n]).map((part) => part.minor)).toEqual([6n, 3n, 1n]);
  });

  test('by nothing, or by less than nothing, is a bug', () => {
    expect(() => split(money(1n, 'EUR'), [0n])).toThrow('Invariant broken');
    expect(() => split(money(1n, 'EUR'), [2n, -1n])).toThrow('Invariant broken');
  });
});

describe('sums', () => {
  test('undo each other', () => {
    fc.assert(
      fc.property(minor, minor, currency, (a, b, code) => {
        const [left, right] = [money(a, code), money(b, code)];
        expect(isEqual(subtract(add(left, right), right), left)).toBe(true);
      }),
    );
  });

  test('of different currencies are a bug', () => {
    expect(() => add(money(1n, 'EUR'), money(1n, 'USD'))).toThrow('do not mix');
  });

  test('multiply by whole quantities only', () => {
    expect(times(money(199n, 'EUR'), 3)).toEqual(money(597n, 'EUR'));
    expect(() => times(money(199n, 'EUR'), 1.5)).toThrow('whole number');
  });

  test('of different amounts are not equal, nor of different currencies', () => {
    expect(isEqual(money(1n, 'EUR'), money(2n, 'EUR'))).toBe(false);
    expect(isEqual(money(1n, 'EUR'), money(1n, 'USD'))).toBe(false);
  });
});
