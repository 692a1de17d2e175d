import { expect, test } from 'vitest';
import { targetsOf } from './targets.ts';

const verdicts = (figures: Readonly<Record<string, number>>) =>
  targetsOf((label) => figures[label]).map(({ isReached }) => isReached);

test('each target compares figures of one run', () => {
  const reached = {
    'Vitrine in process': 0.2,
    'Vitrine HTTP': 0.45,
    Grafbase: 0.61,
    'Hive Gateway': 3,
  };

  expect(verdicts(reached)).toEqual([true, true, true, true, true]);
  expect(verdicts({ ...reached, 'Vitrine in process': 0.21 })).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
  expect(verdicts({ ...reached, 'Vitrine HTTP': 0.61 })).toEqual([true, true, true, false, false]);
});

test('without a peer nothing is said about it', () => {
  expect(verdicts({ 'Vitrine in process': 0.1, 'Vitrine HTTP': 0.4 })).toEqual([
    true,
    null,
    null,
    true,
    null,
  ]);
});
