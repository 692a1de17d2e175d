import { expect, test } from 'vitest';
import { type ApplicationMove, applicationStates, stateAfter } from './application-state.ts';

const moves: readonly ApplicationMove[] = ['SUBMIT', 'CLAIM', 'APPROVE', 'REJECT'];

test('these moves and no others are possible', () => {
  const possible = applicationStates.flatMap((state) =>
    moves.flatMap((move) => {
      const next = stateAfter(state, move);
      return next ? [`${state} ${move} ${next}`] : [];
    }),
  );

  expect(possible).toEqual([
    'DRAFT SUBMIT SUBMITTED',
    'SUBMITTED CLAIM IN_REVIEW',
    'IN_REVIEW APPROVE APPROVED',
    'IN_REVIEW REJECT REJECTED',
    'REJECTED SUBMIT SUBMITTED',
  ]);
});
