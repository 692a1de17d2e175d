import { expect, test } from 'vitest';
import { median, tableOf } from './figures.ts';

test('the median of an even count lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([7])).toBe(7);
});

test('a table aligns its columns', () => {
  const table = tableOf({
    name: 'page',
    figures: [
      { label: 'short', value: 0.123, unit: 'ms' },
      { label: 'much longer', value: 1234.5, unit: 'ms' },
    ],
  });

  expect(table.split('\n')).toEqual([
    'page',
    '  short             0.12  ms',
    '  much longer       1235  ms',
  ]);
});
