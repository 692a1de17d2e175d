import { expect, test } from 'vitest';
import { openRetryBudget } from './retry-budget.ts';

test('retries are a tenth of what succeeds, and a few to begin with', () => {
  const budget = openRetryBudget(2);
  expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
  for (let i = 0; i < 9; i += 1) budget.earn();
  expect(budget.spend()).toBe(false);
  for (let i = 0; i < 2; i += 1) budget.earn();
  expect([budget.spend(), budget.spend()]).toEqual([true, false]);
});

test('a long good time does not save up for a storm of retries', () => {
  const budget = openRetryBudget(2);
  for (let i = 0; i < 1_000; i += 1) budget.earn();
  expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
});
