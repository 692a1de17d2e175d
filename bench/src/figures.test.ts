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
    '  short            0.123  ms',
    '  much longer       1235  ms',
  ]);
});

test('a table tells which targets are reached and who is absent', () => {
  const table = tableOf({
    name: 'gateway',
    figures: [{ label: 'cost', value: 0, unit: 'ms' }],
    targets: [
      { text: 'one', isReached: true },
      { text: 'two', isReached: false },
      { text: 'three', isReached: null },
    ],
    absent: ['Peer'],
  });

  expect(table.split('\n').slice(2)).toEqual([
    '  one      reached  target',
    '  two       MISSED  target',
    '  three  not known  target',
    '  Peer      absent',
  ]);
});
