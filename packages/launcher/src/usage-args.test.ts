import { expect, test } from 'vitest';
import { readUsageArgs } from './usage-args.ts';

const NOW = new Date('2026-11-22T12:00:00Z');

test('without a wish it is the last thirty days of everything', () => {
  expect(readUsageArgs([], NOW)).toEqual({
    since: new Date('2026-10-23T12:00:00Z'),
    field: undefined,
    asJson: false,
    exportTo: undefined,
  });
});

test('days, a day, a field, and the form of the answer can be chosen', () => {
  expect(readUsageArgs(['--since', '7d'], NOW).since).toEqual(new Date('2026-11-15T12:00:00Z'));
  expect(readUsageArgs(['--since=2026-11-01', '--json'], NOW)).toMatchObject({
    since: new Date('2026-11-01'),
    asJson: true,
  });
  expect(readUsageArgs(['--field', 'Product.title'], NOW).field).toBe('Product.title');
  expect(readUsageArgs(['--export', 'usage.json'], NOW).exportTo).toBe('usage.json');
});

test.for([
  ['--since', 'yesterday'],
  ['--since', '0d'],
  ['--since', '2027-01-01'],
  ['--feild', 'Product.title'],
  ['stray'],
  ['--field', 'Product.title', '--export', 'usage.json'],
])('%s is refused with how it is used', (argv) => {
  expect(() => readUsageArgs(argv, NOW)).toThrow(/usage: /);
});
