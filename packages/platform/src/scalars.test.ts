import { money } from '@vitrine/kernel/money';
import { parseValue } from 'graphql';
import { describe, expect, test } from 'vitest';
import { commonResolvers } from './scalars.ts';

describe('DateTime', () => {
  const { DateTime } = commonResolvers;

  test('is read with any offset and written in UTC', () => {
    const date = DateTime.parseValue('2026-03-01T12:00:00+01:00');

    expect(DateTime.serialize(date)).toBe('2026-03-01T11:00:00.000Z');
  });

  test.for(['2026-03-01', 'yesterday', 1_772_366_400_000, null])('%s is none', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('RFC 3339');
  });
});

test.for([
  ['Decimal', '19.90', '19,90'],
  ['Decimal', '-3', '1e3'],
  ['CurrencyCode', 'EUR', 'eur'],
  ['MarketCode', 'DE', 'Germany'],
  ['LanguageTag', 'pt-BR', 'pt_BR'],
  ['LanguageTag', 'zh-cmn-Hans-CN', `en${'-aa'.repeat(12)}`],
  ['URL', 'https://example.com/a', 'javascript:alert(1)'],
  ['URL', 'https://example.com/%0A', 'https://exa\nmple.com'],
  ['URL', 'https://example.com/é', 'https://example.com/\u0000'],
  ['URL', 'http://example.com', 'https://example.com/a b'],
] as const)('%s takes %s and not %s', ([name, good, bad]) => {
  const scalar = commonResolvers[name];

  expect(scalar.parseValue(good)).toBe(good);
  expect(scalar.parseLiteral(parseValue(`"${good}"`))).toBe(good);
  expect(() => scalar.parseValue(bad)).toThrow(name);
  expect(() => scalar.parseLiteral(parseValue('7'))).toThrow(name);
});

test('an amount is shown as a decimal string', () => {
  expect(commonResolvers.Money.amount(money(1_990n, 'EUR'))).toBe('19.90');
});
