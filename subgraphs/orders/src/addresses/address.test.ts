import { expect, test } from 'vitest';
import { problemsOf, tidied } from './address.ts';

const isMarket = (code: string) => code === 'DE';
const good = tidied({
  recipient: ' Anna Berg ',
  phone: '+49 (30) 123-456',
  line1: 'Torstraße 1',
  line2: ' ',
  city: 'Berlin',
  region: undefined,
  postalCode: '10119',
  market: 'DE',
});

test('blanks around are dropped, and what is left empty is absent', () => {
  expect(good).toMatchObject({ recipient: 'Anna Berg', line2: null, region: null });
  expect(problemsOf(good, isMarket)).toEqual([]);
});

test('everything that is wrong is told at once', () => {
  const bad = {
    recipient: '',
    phone: 'call me',
    line1: 'x'.repeat(201),
    line2: 'two\nlines',
    city: 'Ber\u0000lin',
    region: '\u202Egnorw',
    postalCode: '1'.repeat(13),
    market: 'XX',
  };

  expect(problemsOf(bad, isMarket)).toEqual([
    { code: 'REQUIRED', field: 'recipient' },
    { code: 'MALFORMED', field: 'phone' },
    { code: 'TOO_LONG', field: 'line1' },
    { code: 'CONTROL_CHARACTERS', field: 'line2' },
    { code: 'CONTROL_CHARACTERS', field: 'city' },
    { code: 'CONTROL_CHARACTERS', field: 'region' },
    { code: 'TOO_LONG', field: 'postalCode' },
    { code: 'UNKNOWN_MARKET', field: 'market' },
  ]);
});

test.for([
  ['DE', '10119', '1011'],
  ['GB', 'SW1A 1AA', '12345'],
  ['US', '94103-1234', '9410'],
  ['JP', '150-0001', '15000011'],
  ['BR', '01310-100', '1310-100'],
  ['SG', '238859', '23885'],
  ['ID', '40115', '4011A'],
  ['IE', 'D02 AF30', '20220'],
] as const)('a postal code of %s is such as %s, and not such as %s', ([market, right, wrong]) => {
  const of = (postalCode: string) => problemsOf({ ...good, market, postalCode }, () => true);
  expect(of(right)).toEqual([]);
  expect(of(wrong)).toEqual([{ code: 'MALFORMED', field: 'postalCode' }]);
});

test('a postal code is told to be wrong once, and none is needed', () => {
  const problems = problemsOf({ ...good, postalCode: '<1>' }, isMarket);
  expect(problems).toEqual([{ code: 'MALFORMED', field: 'postalCode' }]);
  expect(problemsOf({ ...good, postalCode: null }, isMarket)).toEqual([]);
  expect(problemsOf({ ...good, market: 'ZZ', postalCode: 'anything' }, () => true)).toEqual([]);
});
