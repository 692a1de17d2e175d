import { describe, expect, test } from 'vitest';
import {
  areApart,
  isTestMarket,
  type Market,
  marketOf,
  markets,
  ruleOf,
  TEST_CURRENCY,
  TEST_MARKET,
} from './market.ts';

const now = new Date('2026-03-01T00:00:00Z');

test('the platform trades in the sixteen markets it was made for', () => {
  expect(
    markets()
      .filter(({ isTest }) => !isTest)
      .map(({ code }) => code)
      .toSorted(),
  ).toEqual('BR DE ES FR GB ID IE IT JP MX MY PH SG TH US VN'.split(' '));
});

test('there is one test market, of codes that stand for no country and no money', () => {
  expect(markets().filter(({ isTest }) => isTest)).toMatchObject([
    { code: TEST_MARKET, name: 'Test market', currencyCode: TEST_CURRENCY },
  ]);
  expect(markets().filter(({ currencyCode }) => currencyCode === TEST_CURRENCY)).toHaveLength(1);
});

test.for([
  ['ZZ', 'ZZ', false],
  ['DE', 'FR', false],
  ['ZZ', 'DE', true],
  ['DE', 'ZZ', true],
  ['XX', 'DE', false],
  ['XX', 'ZZ', true],
] as const)('%s and %s are apart: %s', ([a, b, expected]) => {
  expect(areApart(a, b)).toBe(expected);
  expect(isTestMarket(a)).toBe(a === 'ZZ');
});

test('every market has a rule of every kind today', () => {
  for (const market of markets()) {
    for (const kind of ['tax', 'listing', 'afterSales', 'dispatch', 'checkout'] as const) {
      expect(ruleOf(market, kind, now)).toBeDefined();
    }
  }
});

test('a market nobody trades in is none', () => {
  expect(marketOf('XX')).toBeNull();
  expect(marketOf('de')).toBeNull();
});

describe('a dated rule', () => {
  const base = marketOf('DE');
  const rules = [
    { validFrom: '2025-01-01', validTo: '2026-01-01', returnDays: 14 },
    { validFrom: '2026-01-01', validTo: null, returnDays: 30 },
  ];
  const market = { ...base, afterSales: rules } as Market; // DE is one of the sixteen above

  test('holds from its first day to the day before its last', () => {
    const days = (at: string) => ruleOf(market, 'afterSales', new Date(at)).returnDays;

    expect(days('2025-12-31T23:59:59Z')).toBe(14);
    expect(days('2026-01-01T00:00:00Z')).toBe(30);
  });

  test('that is missing is an error, not a default', () => {
    expect(() => ruleOf(market, 'afterSales', new Date('2024-01-01'))).toThrow(
      'no afterSales rule',
    );
  });
});
