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
