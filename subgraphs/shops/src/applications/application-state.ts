/** What can happen to an application. */
export type ApplicationMove = 'SUBMIT' | 'CLAIM' | 'APPROVE' | 'REJECT';

export type ApplicationState = 'DRAFT' | 'SUBMITTED' | 'IN_REVIEW' | 'APPROVED' | 'REJECTED';

/** The whole state machine: what is not in the table cannot happen. */
const transitions = {
  DRAFT: { SUBMIT: 'SUBMITTED' },
  SUBMITTED: { CLAIM: 'IN_REVIEW' },
  IN_REVIEW: { APPROVE: 'APPROVED', REJECT: 'REJECTED' },
  REJECTED: { SUBMIT: 'SUBMITTED' },
  APPROVED: {},
} as const satisfies Record<ApplicationState, Partial<Record<ApplicationMove, ApplicationState>>>;

export const applicationStates: readonly ApplicationState[] = [
  'DRAFT',
  'SUBMITTED',
  'IN_REVIEW',
  'APPROVED',
  'REJECTED',
];

/** Where a move leads from a state, or null where it is not possible. */
export function stateAfter(
  state: ApplicationState,
  move: ApplicationMove,
): ApplicationState | null {
  const moves: Partial<Record<ApplicationMove, ApplicationState>> = transitions[state];
  return moves[move] ?? null;
}
